"""The sync endpoint in FastAPI with SQLAlchemy's asyncio and asyncpg."""
