"""Wards of which nothing was heard for hours, while audits were due there."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery

from assurance.expected import Fate, Way, expected_audits
from assurance.models import ApiClient, SyncEvent
from tasks.shifts import ONE_DAY, local_date
from wards.models import Ward

ON_THE_DASHBOARD = (Way.BY_SYNC, Way.BY_HAND)


@dataclass(frozen=True)
class Silence:
    """A ward, when it was last heard of, and how many audits should have come meanwhile."""

    ward: Ward
    last_event: datetime | None
    awaited: int


def last_event_of(**rows: object) -> Subquery:
    """Return when the last event of `rows` was received, for an annotation."""
    events = SyncEvent.objects.filter(**rows).order_by("-received_at")
    return Subquery(events.values("received_at")[:1])


def silences(wards: QuerySet[Ward], now: datetime) -> list[Silence]:
    """Return which of `wards` are silent at `now`.

    A ward is silent if a client may post its audits, nothing came for HUB_SYNC_SILENCE_HOURS, and
    in that time a shift ended of which the dashboard should have told an audit. What was done by
    hand alone does not break the silence.
    """
    since = now - timedelta(hours=settings.HUB_SYNC_SILENCE_HOURS)
    reached = _reached(wards).annotate(last_event=last_event_of(ward=OuterRef("pk")))
    last_events = {ward: ward.last_event for ward in reached}
    quiet = [ward for ward, last in last_events.items() if last is None or last <= since]
    awaited = _awaited(quiet, since, now)
    return [
        Silence(ward, last_events[ward], awaited[ward.pk]) for ward in quiet if awaited[ward.pk]
    ]


def _reached(wards: QuerySet[Ward]) -> QuerySet[Ward]:
    """Return those of `wards` whose audits somebody may post at all."""
    clients = ApiClient.objects.current()
    if clients.filter(all_wards=True).exists():
        return wards
    return wards.filter(pk__in=clients.values("wards"))


def _awaited(wards: Collection[Ward], since: datetime, now: datetime) -> Counter[int]:
    """Return of how many audits due since then each ward's dashboard has not told."""
    first = local_date(since) - ONE_DAY  # a night shift of that day may end within the time
    return Counter(
        audit.ward.pk
        for audit in expected_audits(wards, first=first, last=local_date(now), now=now)
        if since < audit.due.end <= now
        and audit.fate != Fate.CANCELLED
        and audit.way not in ON_THE_DASHBOARD
    )
