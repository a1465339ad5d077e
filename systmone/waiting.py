"""Waiting for what becomes of a call, as the header `Prefer: wait=` asks (RFC 7240)."""

import re
import threading
import time
from uuid import UUID

from django.db import connection

from systmone.models import Call
from systmone.models.call import WAITING

LONGEST = 10  # seconds
LOOKS_EVERY = 0.2
WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,6})\"?\s*(?:$|[,;])", re.IGNORECASE)

# A server process has few threads; who finds no place is answered at once and asks again.
_places = threading.BoundedSemaphore(2)


def seconds_preferred(prefer: str) -> int:
    """Return how long its caller wants to wait, within our bounds; nothing where it is odd."""
    found = WAIT.search(prefer)
    return min(LONGEST, int(found[1])) if found else 0


def after_a_while(call_id: UUID, seconds: float) -> Call:
    """Return the call once the Hub has done with it, or as it stands after `seconds`.

    Never in a transaction, and without holding a connection to the database while it waits.
    """
    until = time.monotonic() + seconds
    call = _now(call_id)
    if seconds <= 0 or call.state not in WAITING or not _places.acquire(blocking=False):
        return call
    try:
        while call.state in WAITING and time.monotonic() < until:
            _release_connection()
            time.sleep(min(LOOKS_EVERY, max(0.0, until - time.monotonic())))
            call = _now(call_id)
    finally:
        _places.release()
    return call


def _now(call_id: UUID) -> Call:
    return Call.objects.select_related("gateway").get(pk=call_id)


def _release_connection() -> None:
    if not connection.in_atomic_block:  # as it is in a test
        connection.close()
