"""Whether the product is alive, and whether all that it needs is there."""

from collections.abc import Callable
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from systmone.models import Gateway
from wards.features import Feature, feature_available

WORKER, BEAT, SPEAKER = "hub:worker_seen_at", "hub:beat_seen_at", "hub:speaker_seen_at"
LATELY = timedelta(minutes=1)


class NotReady(Exception):
    """Says in words what is missing."""


def mark_seen(name: str) -> None:
    """Note that `name`, WORKER, BEAT or SPEAKER, is alive now."""
    _redis().set(name, timezone.now().isoformat(), ex=24 * 60 * 60)


@login_not_required
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The web process answers."""
    return JsonResponse({"status": "live"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Each part with "ok" or what is wrong with it; 503 if anything is wrong."""
    checks = CHECKS | SPEAKER_CHECK if _speaks_to_systmone() else CHECKS
    parts = {name: _result(check) for name, check in checks.items()}
    is_ready = all(result == "ok" for result in parts.values())
    body = {"status": "ready" if is_ready else "not ready", **parts}
    return JsonResponse(body, status=200 if is_ready else 503)


def _result(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as problem:
        return str(problem)
    return "ok"


def _speaks_to_systmone() -> bool:
    try:
        return feature_available(Feature.SYSTMONE) and Gateway.objects.filter(is_on=True).exists()
    except DatabaseError:
        return False  # the check of the database says so


def _check_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        raise NotReady("the database does not answer") from None


def _check_redis() -> None:
    try:
        _redis().ping()
    except redis.RedisError:
        raise NotReady("Redis does not answer") from None


def _check_seen(name: str) -> None:
    try:
        seen = _redis().get(name)
    except redis.RedisError:
        raise NotReady("unknown, as Redis does not answer") from None
    if seen is None:
        raise NotReady("not seen yet")
    at = datetime.fromisoformat(str(seen))
    if timezone.now() - at > LATELY:
        raise NotReady(f"last seen at {at:%H:%M:%S} UTC")


def _redis() -> "redis.Redis":
    return redis.Redis.from_url(
        settings.REDIS_URL, decode_responses=True, socket_connect_timeout=1, socket_timeout=1
    )


CHECKS: dict[str, Callable[[], None]] = {
    "database": _check_database,
    "redis": _check_redis,
    "worker": lambda: _check_seen(WORKER),
    "beat": lambda: _check_seen(BEAT),
}
SPEAKER_CHECK: dict[str, Callable[[], None]] = {"speaker": lambda: _check_seen(SPEAKER)}
