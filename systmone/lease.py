"""The lease of a gateway: one process speaks to it, whatever the number of workers and machines.

Time is the database's, which all machines share. A holder renews the lease while it speaks; what a
former holder writes late is refused by its fence. Directly before a request leaves, the lease is
written once more (see `DatabasePast.save`), so that nobody who lost it can still send.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from django.db import Error, connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from systmone.models import Gateway, Lease
from systmone.protocol.throttle import Past

LASTS_LONGER = timedelta(seconds=2)  # than a request may take
RENEWALS = 5  # in the time that it lasts


class LeaseLost(Exception):
    """Somebody else may speak to the gateway; nothing may be sent or written any more."""


@dataclass
class Hold:
    """A lease in our hands.

    lasts_for: longer than a request may take, so that none begins to be sent after the lease ends.
    ends: the second of `time.monotonic()` at which it ends.
    """

    gateway_id: int
    fence: int
    lasts_for: timedelta
    ends: float
    offset: float
    lost: threading.Event = field(default_factory=threading.Event)

    def clock(self) -> float:
        """The database's time, in seconds since 1970, as this process knows it."""
        return time.monotonic() + self.offset

    @property
    def lasts(self) -> bool:
        return not self.lost.is_set() and time.monotonic() < self.ends


@contextmanager
def lease_of(gateway: Gateway) -> Iterator[Hold | None]:
    """Hold the gateway's lease until the block ends; None where somebody else holds it."""
    hold = _acquire(gateway)
    if hold is None:
        yield None
        return
    done = threading.Event()
    renewal = threading.Thread(target=_keep_renewing, args=(hold, done), daemon=True)
    renewal.start()
    try:
        yield hold
    finally:
        done.set()
        renewal.join()
        Lease.objects.filter(pk=hold.gateway_id, fence=hold.fence).update(held_until=None)


def check(hold: Hold) -> None:
    """Lock the lease for the rest of the caller's transaction. Raises LeaseLost if it was lost."""
    rows = Lease.objects.select_for_update().filter(pk=hold.gateway_id, fence=hold.fence)
    if not rows.exists():
        raise LeaseLost


def is_held(gateway_id: int) -> bool:
    """Say whether somebody speaks to the gateway now."""
    return Lease.objects.filter(pk=gateway_id, held_until__gt=_now(gateway_id)).exists()


class DatabasePast:
    """Keeps the times of the last requests with the lease. See `systmone.protocol.pace`."""

    def __init__(self, hold: Hold) -> None:
        self._hold = hold
        self._past = _past(Lease.objects.get(pk=hold.gateway_id))

    def load(self) -> Past:
        """The past; nobody else writes it while the lease is ours."""
        return self._past

    def save(self, past: Past) -> None:
        """Keep `past` and renew the lease, so that it outlasts the request that leaves now.

        Raises LeaseLost where that is no longer ours to do; nothing is sent then.
        """
        if not renew(self._hold, **_columns(past)):
            raise LeaseLost
        self._past = past


@transaction.atomic
def _acquire(gateway: Gateway) -> Hold | None:
    Lease.objects.get_or_create(gateway=gateway)
    lasts_for = timedelta(seconds=gateway.seconds_for_an_answer) + LASTS_LONGER
    before = time.monotonic()
    now = _now(gateway.pk)
    free = Lease.objects.filter(Q(held_until=None) | Q(held_until__lte=now), pk=gateway.pk)
    if free.update(fence=F("fence") + 1, held_until=now + lasts_for) != 1:
        return None
    return Hold(
        gateway_id=gateway.pk,
        fence=Lease.objects.get(pk=gateway.pk).fence,
        lasts_for=lasts_for,
        ends=before + lasts_for.total_seconds(),
        offset=now.timestamp() - before,
    )


def renew(hold: Hold, **facts: float | None) -> bool:
    """Renew the lease and keep `facts` with it; say whether it was still ours."""
    before = time.monotonic()
    ours = Lease.objects.filter(pk=hold.gateway_id, fence=hold.fence)
    ends = ExpressionWrapper(Now() + hold.lasts_for, DateTimeField())
    if ours.update(held_until=ends, **facts) != 1:
        hold.lost.set()
        return False
    hold.ends = before + hold.lasts_for.total_seconds()
    return True


def _keep_renewing(hold: Hold, done: threading.Event) -> None:
    pause = hold.lasts_for.total_seconds() / RENEWALS
    while not done.wait(pause) and hold.lasts:
        try:
            renew(hold)
        except Error:
            pass  # the next renewal may come through before the lease ends
        finally:
            connection.close()


def _past(lease: Lease) -> Past:
    return Past(
        sent=lease.past_sent,
        answered=lease.past_answered,
        record_sent=lease.past_record_sent,
        record_answered=lease.past_record_answered,
    )


def _columns(past: Past) -> dict[str, float | None]:
    return {f"past_{name}": at for name, at in asdict(past).items()}


def _now(gateway_id: int) -> datetime:
    """The time on the database's clock."""
    now: datetime = Gateway.objects.filter(pk=gateway_id).values_list(Now(), flat=True).get()
    return now
