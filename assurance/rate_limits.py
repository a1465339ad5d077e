"""How often a caller may come: counted in Redis, or in this process while Redis is away."""

import time
from functools import cache

import redis
from django.conf import settings
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from ninja.errors import Throttled
from redis.backoff import NoBackoff
from redis.retry import Retry

from wards.wake_up import redis_outage

FAILED_AUTHENTICATIONS = parse("30/minute")
TIME_OUT = 0.25  # seconds


def count_request(client_prefix: str, address: str | None) -> None:
    """Count a request from `address` of the client whose key starts with `client_prefix`.

    One address, with however many keys, may come twice as often as one client.
    Raises `ninja.errors.Throttled` when there were too many.
    """
    of_client, of_address = _limits(settings.HUB_SYNC_RATE_LIMIT)
    _count(of_client, "client", client_prefix)
    _count(of_address, "source", address or "unknown")


def count_failed_authentication(address: str | None) -> None:
    """Count a wrong key, or a request that may not come from `address`.

    Raises `ninja.errors.Throttled` when there were too many.
    """
    _count(FAILED_AUTHENTICATIONS, "address", address or "unknown")


def forget_everything() -> None:
    """Begin to count anew, in Redis and in this process."""
    _shared_limiter(settings.REDIS_URL).storage.reset()
    _own_limiter().storage.reset()


@cache
def _limits(of_client: str) -> tuple[RateLimitItem, RateLimitItem]:
    limit = parse(of_client)
    return limit, type(limit)(limit.amount * 2, limit.multiples)


def _count(limit: RateLimitItem, kind: str, caller: str) -> None:
    if not redis_outage.lasts:
        try:
            return _count_with(_shared_limiter(settings.REDIS_URL), limit, kind, caller)
        except redis.RedisError:
            redis_outage.noticed()
    return _count_with(_own_limiter(), limit, kind, caller)


def _count_with(
    limiter: FixedWindowRateLimiter, limit: RateLimitItem, kind: str, caller: str
) -> None:
    if not limiter.hit(limit, kind, caller):
        ends_at = limiter.get_window_stats(limit, kind, caller).reset_time
        raise Throttled(wait=max(1, round(ends_at - time.time())))


@cache
def _shared_limiter(redis_url: str) -> FixedWindowRateLimiter:
    # One short attempt: redis-py would try ten times, and the caller waits.
    pool = redis.ConnectionPool.from_url(
        redis_url,
        socket_timeout=TIME_OUT,
        socket_connect_timeout=TIME_OUT,
        retry=Retry(NoBackoff(), 0),
    )
    return FixedWindowRateLimiter(RedisStorage("redis://", connection_pool=pool))


@cache
def _own_limiter() -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(MemoryStorage())
