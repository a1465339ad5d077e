"""What somebody sees who watches a gateway: what waits, how fast it goes, what came of it.

A ward admin's figures are of their own wards' calls alone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncHour

from systmone.health import Health, health_of
from systmone.items import Item, items_of
from systmone.models import WRITES, Attempt, Call, Gateway, Priority, State
from systmone.outcome_chart import Hour, chart_of
from systmone.queries import calls_run_by, needing_somebody, waiting_since, wards_run_by
from wards.bar_chart import Chart
from wards.models import Role, User

End = Attempt.Outcome

MOST_SHOWN = 50
HOURS = 24
AN_HOUR, A_MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Queue:
    """What waits at one priority, and since when the oldest of it."""

    priority: str
    waiting: int
    oldest: datetime | None


@dataclass(frozen=True)
class Rate:
    """How many requests left in a time, of how many may; `allowed` is None where none are too many.

    SystmOne allows one at a time, so many seconds apart.
    """

    what: str
    used: int
    allowed: int | None

    @property
    def percent(self) -> int | None:
        return round(100 * self.used / self.allowed) if self.allowed else None


@dataclass(frozen=True)
class Watch:
    """Everything on the page. `is_whole` is false where only some wards' calls are counted."""

    health: Health
    is_whole: bool
    queues: Sequence[Queue]
    rates: Sequence[Rate]
    last_success: datetime | None
    hours: Sequence[Hour]
    chart: Chart
    needing: Sequence[Item]
    needing_in_all: int
    queued: Sequence[Item]


def watch(gateway: Gateway, user: User, now: datetime) -> Watch:
    """Return what `user`, who may see `gateway`, sees of it; it was read by `with_health`."""
    calls = calls_run_by(user).filter(gateway=gateway)
    attempts = Attempt.objects.filter(gateway=gateway)
    if user.highest_role != Role.SENIOR_ADMIN:
        attempts = attempts.filter(call__ward__in=wards_run_by(user))
    hours = _hours(attempts, now)
    needing = needing_somebody(wards_run_by(user)).filter(gateway=gateway)
    answered = attempts.filter(outcome=End.ANSWERED).order_by("-started_at")
    return Watch(
        health=health_of(gateway, now),
        is_whole=user.highest_role == Role.SENIOR_ADMIN,
        queues=_queues(calls),
        rates=_rates(gateway, attempts, now),
        last_success=answered.values_list("ended_at", flat=True).first(),
        hours=hours,
        chart=chart_of(hours),
        needing=items_of(_with_last_attempt(needing)[:MOST_SHOWN]),
        needing_in_all=needing.count(),
        queued=items_of(_writes_that_wait(calls)[:MOST_SHOWN]),
    )


def _queues(calls: QuerySet[Call]) -> list[Queue]:
    waiting = calls.waiting().annotate(since=waiting_since())  # type: ignore[attr-defined]
    rows = waiting.values("priority").annotate(many=Count("pk"), oldest=Min("since"))
    found = {row["priority"]: (row["many"], row["oldest"]) for row in rows}
    return [Queue(each.label, *found.get(each.value, (0, None))) for each in Priority]


def _rates(gateway: Gateway, attempts: QuerySet[Attempt], now: datetime) -> list[Rate]:
    sent = attempts.filter(started_at__gt=now - AN_HOUR).exclude(outcome=End.NOT_SENT)
    record = Q(call__takes_record_slot=True)
    used = sent.aggregate(
        minute=Count("pk", filter=Q(started_at__gt=now - A_MINUTE)),
        hour=Count("pk"),
        records=Count("pk", filter=record),
    )
    apart = gateway.seconds_between_requests and (
        gateway.seconds_between_requests + gateway.seconds_of_margin
    )
    records_apart = gateway.seconds_between_records and (
        gateway.seconds_between_records + gateway.seconds_of_margin
    )
    return [
        Rate("Requests in the last minute", used["minute"], _most(A_MINUTE, apart)),
        Rate("Requests in the last hour", used["hour"], _most(AN_HOUR, apart)),
        Rate("Whole records read in the last hour", used["records"], _most(AN_HOUR, records_apart)),
    ]


def _most(time: timedelta, seconds_apart: float) -> int | None:
    return int(time.total_seconds() / seconds_apart) if seconds_apart else None


def _hours(attempts: QuerySet[Attempt], now: datetime) -> list[Hour]:
    """Return the last hours, the present one last; hours are the clock's, also where it changes."""
    last = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [last - AN_HOUR * back for back in reversed(range(HOURS))]
    ended = attempts.filter(started_at__gte=hours[0]).exclude(outcome="")
    rows = ended.annotate(hour=TruncHour("started_at", tzinfo=UTC)).values("hour", "outcome")
    counted: dict[datetime, Counter[str]] = {hour: Counter() for hour in hours}
    for row in rows.annotate(many=Count("pk")):
        if row["hour"] in counted:
            counted[row["hour"]][row["outcome"]] += row["many"]
    return [Hour.of(hour, counts) for hour, counts in counted.items()]


def _with_last_attempt(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Return `calls` with the attempt that a person knows of who decides about them."""
    attempts = Attempt.objects.filter(call=OuterRef("pk")).order_by("-pk")
    return calls.annotate(last_attempt=Subquery(attempts.values("pk")[:1]))


def _writes_that_wait(calls: QuerySet[Call]) -> QuerySet[Call]:
    waiting = calls.filter(state=State.QUEUED, function__in=WRITES, patient__isnull=False)
    return waiting.order_by("priority", "created_at")
