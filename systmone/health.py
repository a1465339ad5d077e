"""How a gateway does, in plain words, and what to do about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery

from systmone.models import Attempt, Call, Gateway, Kind, Lease, Priority
from systmone.queries import waiting_since
from wards.words import date_and_time

End = Attempt.Outcome

SILENT_AFTER = timedelta(minutes=10)  # at most half of it passes between two attempts
OLD_AFTER = {Priority.PERSON_WAITS: timedelta(hours=1), Priority.BACKGROUND: timedelta(hours=12)}

LOOK_THERE = (
    "Look at the gateway PC. Is it on and awake? Is its SystmOne user logged on? Does the tunnel "
    "run? If all of that is so, start SystmOne on it again."
)

WITHOUT_ANSWER = (End.NOT_SENT, End.UNCLEAR)


@dataclass(frozen=True)
class Health:
    """What a gateway does. `kind` is what is wrong with it, or None."""

    headline: str
    to_do: str = ""
    kind: Kind | None = None


def with_health(gateways: QuerySet[Gateway], now: datetime) -> QuerySet[Gateway]:
    """Return `gateways` with what `health_of` needs to know."""
    attempts = Attempt.objects.filter(gateway=OuterRef("pk"), started_at__gt=now - 2 * SILENT_AFTER)
    tried = attempts.filter(started_at__lte=now - SILENT_AFTER, outcome__in=WITHOUT_ANSWER)
    answered = attempts.exclude(outcome__in=(*WITHOUT_ANSWER, "")).filter(
        ended_at__gt=now - SILENT_AFTER
    )
    waiting = _waiting().filter(since__lte=now)
    long_ago = waiting.filter(since__lte=now - SILENT_AFTER)
    lately = attempts.filter(started_at__gt=now - SILENT_AFTER)
    held = Lease.objects.filter(gateway=OuterRef("pk"), held_until__gt=now)
    return gateways.annotate(
        is_silent=Exists(waiting) & Exists(tried) & ~Exists(answered),
        is_unspoken=Exists(long_ago) & ~Exists(lately) & ~Exists(held),
        last_outcome=Subquery(attempts.order_by("-started_at").values("outcome")[:1]),
        old_since=_oldest(now),
    )


def health_of(gateway: Gateway, now: datetime) -> Health:
    """Return how `gateway`, read by `with_health`, does."""
    if gateway.stopped_at and gateway.is_on:
        return Health(
            f"Stopped on {date_and_time(gateway.stopped_at)}. {gateway.stopped_because}",
            "Do what it says. Then a senior admin starts the gateway again; calls wait meanwhile "
            "and none is lost.",
            Kind.STOPPED,
        )
    if not gateway.is_on:
        return Health(
            "Off: nothing is sent, calls wait.",
            "A senior admin switches it on when calls may go out again.",
            Kind.OLD_QUEUE if _old_since(gateway) else None,
        )
    minutes = SILENT_AFTER.seconds // 60
    if getattr(gateway, "is_silent", False):
        return Health(
            f"Silent: nothing has been answered for {minutes} minutes, and calls wait.",
            LOOK_THERE,
            Kind.SILENT,
        )
    if getattr(gateway, "is_unspoken", False):
        return Health(
            f"Silent: nothing has been sent for {minutes} minutes, and calls wait.",
            "The Hub's speaker does not run, or is busy with other gateways: whoever runs the "
            "Hub's servers starts it, or one more.",
            Kind.SILENT,
        )
    if since := _old_since(gateway):
        return Health(
            f"A call has waited since {date_and_time(since)}.",
            "Look at what waits, and why. A record that is in use must be closed in SystmOne.",
            Kind.OLD_QUEUE,
        )
    return _going(gateway)


def _going(gateway: Gateway) -> Health:
    """Return how one does of which nothing is wrong, or not yet."""
    if getattr(gateway, "last_outcome", None) in WITHOUT_ANSWER:
        return Health("The last request had no answer. It is tried again by itself.", LOOK_THERE)
    return Health("Calls go out.")


def _old_since(gateway: Gateway) -> datetime | None:
    since: datetime | None = getattr(gateway, "old_since", None)
    return since


def _waiting() -> QuerySet[Any]:
    calls = Call.objects.waiting().filter(gateway=OuterRef("pk"))
    return calls.annotate(since=waiting_since())


def _oldest(now: datetime) -> Subquery:
    """Since when the oldest of those calls waits that wait for longer than they should."""
    too_old = Q()
    for priority, patience in OLD_AFTER.items():
        too_old |= Q(priority=priority, since__lte=now - patience)
    old = _waiting().filter(too_old).order_by("since")
    return Subquery(old.values("since")[:1], output_field=DateTimeField())
