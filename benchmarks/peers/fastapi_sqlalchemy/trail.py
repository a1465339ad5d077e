"""What a request leaves in the audit log."""

import os
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.peers import seals
from benchmarks.peers.fastapi_sqlalchemy.models import ApiClient, AuditEvent, ChainHead

AUDIT_KEY = os.environ["HUB_AUDIT_KEY"]


@dataclass(frozen=True)
class Caller:
    """Who posts, and from where."""

    client: ApiClient
    address: str
    request_id: str


class Trail:
    """What one request does, for the audit log: noted on the way, sealed at its end.

    Writers queue for the end of the chain until they commit, so nobody takes it before the end.
    """

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.events: list[dict[str, Any]] = []

    def note(self, **facts: Any) -> None:
        self.events.append(
            {
                "source": "sync",
                "address": self.caller.address,
                "request_id": self.caller.request_id,
                "outcome": "done",
                "detail": {},
                **facts,
            }
        )

    async def seal(self, session: AsyncSession) -> None:
        head = await session.get_one(ChainHead, 1, with_for_update=True)
        for facts in self.events:
            head.sequence += 1
            event = {"sequence": head.sequence, **facts}
            head.seal = seals.seal(event, previous=head.seal, key=AUDIT_KEY)
            session.add(AuditEvent(**event, seal=head.seal))
        head.proof = seals.proof(head.sequence, head.seal, key=AUDIT_KEY)
