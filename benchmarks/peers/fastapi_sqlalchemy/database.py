"""The database: one engine for the process, one session for a request."""

import os
from collections.abc import AsyncIterator
from urllib.parse import unquote

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

url = make_url(os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1))
engine = create_async_engine(
    url.set(drivername="postgresql+asyncpg", host=unquote(url.host or "")),
    pool_size=8,
    max_overflow=0,
)
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def session() -> AsyncIterator[AsyncSession]:
    """Give a request its session; what it does not commit is undone."""
    async with sessions() as one:
        yield one
