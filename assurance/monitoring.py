"""What somebody sees who watches the sync: today's audits, who was heard from, what came of it.

A ward admin's figures are of their own wards alone; what came for no ward is the senior admins'.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from assurance.expected import ExpectedAudit, Fate, Way, day_of, expected_audits
from assurance.models import ApiClient, SyncEvent
from assurance.outcome_chart import chart_of
from assurance.silence import Silence, last_event_of, silences
from tasks.models import AuditType
from tasks.shifts import LONDON, ONE_DAY, days, local, local_date
from wards.access import wards_visible_to
from wards.bar_chart import Chart
from wards.models import Role, User, Ward

DAYS = 14
MOST_SHOWN = 25


@dataclass(frozen=True)
class Line:
    """Today's audits of one type on a ward, by what became of them."""

    audit_type: AuditType
    by_sync: int
    by_hand: int
    due: int
    missed: int
    unmatched: int


@dataclass(frozen=True)
class WardToday:
    """A ward's day, which begins with its early shift, and when it was last heard of."""

    ward: Ward
    day: date
    lines: Sequence[Line]
    last_event: datetime | None


@dataclass(frozen=True)
class Monitoring:
    """Everything on the page. `is_whole` is false where only some wards' events are counted."""

    is_whole: bool
    silences: Sequence[Silence]
    wards: Sequence[WardToday]
    clients: Sequence[ApiClient]
    chart: Chart
    latest: Sequence[SyncEvent]


def wards_run_by(user: User) -> QuerySet[Ward]:
    """Return the wards whose sync `user` watches."""
    return wards_visible_to(user, role=Role.WARD_ADMIN)


def events_seen_by(user: User) -> QuerySet[SyncEvent]:
    """Return what was posted about the wards that `user` runs; everything for senior admins."""
    if user.highest_role == Role.SENIOR_ADMIN:
        return SyncEvent.objects.all()
    return SyncEvent.objects.filter(ward__in=wards_run_by(user))


def monitoring(user: User, now: datetime) -> Monitoring:
    """Return what `user` sees of the sync at `now`; the number of queries does not grow."""
    wards = list(wards_run_by(user).annotate(last_event=last_event_of(ward=OuterRef("pk"))))
    events = events_seen_by(user)
    is_whole = user.highest_role == Role.SENIOR_ADMIN
    return Monitoring(
        is_whole=is_whole,
        silences=silences(wards_run_by(user), now),
        wards=_today(wards, now),
        clients=list(_clients(None if is_whole else wards)),
        chart=chart_of(_counts(events, now)),
        latest=list(_with_people(events)[:MOST_SHOWN]),
    )


def _with_people(events: QuerySet[SyncEvent]) -> QuerySet[SyncEvent]:
    return events.select_related("client", "ward", "person").defer("payload")


def _today(wards: Collection[Ward], now: datetime) -> list[WardToday]:
    today = {ward.pk: day_of(ward, now) for ward in wards}
    yesterday = local_date(now) - ONE_DAY
    audits: dict[tuple[int, str], list[ExpectedAudit]] = defaultdict(list)
    for audit in expected_audits(wards, first=yesterday, last=local_date(now), now=now):
        if audit.task.due_on == today[audit.ward.pk]:
            audits[audit.ward.pk, audit.audit_type].append(audit)
    unmatched = _unmatched(wards, today, since=local(yesterday, time(0)))
    return [
        WardToday(
            ward=ward,
            day=today[ward.pk],
            lines=[
                _line(each, audits[ward.pk, each], unmatched[ward.pk, each])
                for each in AuditType
                if audits[ward.pk, each] or unmatched[ward.pk, each]
            ],
            last_event=getattr(ward, "last_event", None),
        )
        for ward in wards
    ]


def _unmatched(
    wards: Collection[Ward], today: Mapping[int, date], *, since: datetime
) -> Counter[tuple[int, str]]:
    by_id = {ward.pk: ward for ward in wards}
    kept = SyncEvent.objects.kept().filter(ward__in=by_id, completed_at__gte=since)
    return Counter(
        (ward_id, audit_type)
        for ward_id, audit_type, at in kept.values_list("ward", "audit_type", "completed_at")
        if at and day_of(by_id[ward_id], at) == today[ward_id]
    )


def _line(audit_type: AuditType, audits: Sequence[ExpectedAudit], unmatched: int) -> Line:
    fates = Counter(audit.fate for audit in audits)
    ways = Counter(audit.way for audit in audits)
    return Line(
        audit_type=audit_type,
        by_sync=ways[Way.BY_SYNC],
        by_hand=ways[Way.BY_HAND] + ways[Way.ONLY_BY_HAND],
        due=fates[Fate.TO_DO],
        missed=fates[Fate.MISSED],
        unmatched=unmatched,
    )


def _clients(wards: Collection[Ward] | None) -> QuerySet[ApiClient]:
    """Return the clients that reach `wards`, or all, each with when it last posted about them."""
    if wards is None:
        return ApiClient.objects.annotate(last_event=last_event_of(client=OuterRef("pk")))
    reaching = Q(all_wards=True) | Q(wards__in=wards)
    last_event = last_event_of(client=OuterRef("pk"), ward__in=wards)
    return ApiClient.objects.filter(reaching).annotate(last_event=last_event).distinct()


def _counts(events: QuerySet[SyncEvent], now: datetime) -> Mapping[date, Counter[str]]:
    """Return how often each outcome came on each of the last days."""
    first = local_date(now) - ONE_DAY * (DAYS - 1)
    rows = (
        events.filter(received_at__gte=local(first, time(0)))
        .annotate(day=TruncDate("received_at", tzinfo=LONDON))
        .order_by()
        .values_list("day", "outcome")
        .annotate(many=Count("pk"))
    )
    counted: dict[date, Counter[str]] = {day: Counter() for day in days(first, DAYS)}
    for day, outcome, many in rows:
        if day in counted:
            counted[day][outcome] += many
    return counted
