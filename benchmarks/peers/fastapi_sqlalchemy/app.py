"""The application: who calls, what they sent, what they are told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, TypedDict
from uuid import uuid4

from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.peers import contract
from benchmarks.peers.fastapi_sqlalchemy.database import engine, session
from benchmarks.peers.fastapi_sqlalchemy.messages import AuditMessage, details
from benchmarks.peers.fastapi_sqlalchemy.sync import (
    StillInProgress,
    client_with_key,
    receive,
    remember_refusal,
)
from benchmarks.peers.fastapi_sqlalchemy.trail import Caller

Session = Annotated[AsyncSession, Depends(session)]


class Facts(TypedDict):
    """What is kept of a request, whatever becomes of it."""

    caller: Caller
    at: datetime
    payload: str


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    await engine.dispose()


app = FastAPI(title="Assurance sync", lifespan=lifespan)


async def authenticated(
    request: Request, session: Session, x_api_key: Annotated[str, Header()] = ""
) -> Caller:
    client = await client_with_key(session, x_api_key.strip())
    if client is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    address = request.client.host if request.client else ""
    if not contract.allows(client.allowed_networks, address):
        raise HTTPException(403)
    return Caller(client, address, str(uuid4()))


@app.post("/api/assurance/sync")
async def sync(
    request: Request, session: Session, caller: Annotated[Caller, Depends(authenticated)]
) -> dict[str, Any]:
    body = await request.body()
    facts = Facts(caller=caller, at=datetime.now(UTC), payload=contract.payload_text(body))
    try:
        event = await receive(session, message=AuditMessage.model_validate_json(body), **facts)
    except ValidationError as problem:
        wrong = details(problem)
        await remember_refusal(session, outcome="invalid", details=wrong, **facts)
        await session.commit()
        raise HTTPException(422, wrong) from None
    except StillInProgress:
        await remember_refusal(session, outcome="in_progress", details=[], **facts)
        await session.commit()
        raise HTTPException(503, headers={"Retry-After": "5"}) from None
    await session.commit()
    return contract.answer_to(event)


@app.exception_handler(HTTPException)
async def refused(request: Request, problem: HTTPException) -> JSONResponse:
    wrong: Any = problem.detail
    body = contract.problem(problem.status_code, wrong if isinstance(wrong, list) else [])
    return JSONResponse(body, problem.status_code, problem.headers)
