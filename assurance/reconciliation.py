"""A day's expected audits against those that the dashboard has told of.

A night shift belongs to the date on which it starts, so a day can be reconciled when its night
shift has ended, on the next morning.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from assurance.expected import ExpectedAudit, Fate, Way, day_of, expected_audits
from assurance.models import Outcome, SyncEvent
from tasks.shifts import ONE_DAY, local, local_date
from wards.models import Ward

WITHOUT_TASK = (Outcome.NO_MATCHING_TASK, Outcome.WARD_MISMATCH)
CLOCKS_MAY_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class Reconciliation:
    """A ward's day: what was expected, and what came without a task or was refused."""

    ward: Ward
    day: date
    audits: Sequence[ExpectedAudit]
    without_task: Sequence[SyncEvent]

    @property
    def by_sync(self) -> list[ExpectedAudit]:
        return self._done(Way.BY_SYNC)

    @property
    def by_hand(self) -> list[ExpectedAudit]:
        """Completed by hand; the dashboard has told of them, too."""
        return self._done(Way.BY_HAND)

    @property
    def only_by_hand(self) -> list[ExpectedAudit]:
        """Completed by hand, but never seen on the dashboard."""
        return self._done(Way.ONLY_BY_HAND)

    @property
    def missed(self) -> list[ExpectedAudit]:
        return self._that_are(Fate.MISSED)

    @property
    def cancelled(self) -> list[ExpectedAudit]:
        return self._that_are(Fate.CANCELLED)

    @property
    def to_do(self) -> list[ExpectedAudit]:
        """Not done yet, and their shift goes on."""
        return self._that_are(Fate.TO_DO)

    @property
    def is_clean(self) -> bool:
        """Whether nobody need look at anything."""
        return not (self.only_by_hand or self.missed or self.without_task)

    def _done(self, way: Way) -> list[ExpectedAudit]:
        return [audit for audit in self.audits if audit.way == way]

    def _that_are(self, fate: Fate) -> list[ExpectedAudit]:
        return [audit for audit in self.audits if audit.fate == fate]


def yesterday(now: datetime) -> date:
    """Return the day that is reconciled in the morning of `now`."""
    return local_date(now) - ONE_DAY


def reconcile(wards: Collection[Ward], day: date, now: datetime) -> list[Reconciliation]:
    """Return `day` of each of `wards` as it stands at `now`."""
    audits: dict[int, list[ExpectedAudit]] = defaultdict(list)
    for audit in expected_audits(wards, first=day, last=day, now=now):
        audits[audit.ward.pk].append(audit)
    without_task = _without_task(wards, day)
    return [
        Reconciliation(ward, day, audits[ward.pk], without_task.get(ward.pk, ())) for ward in wards
    ]


def _without_task(wards: Collection[Ward], day: date) -> Mapping[int, Sequence[SyncEvent]]:
    by_id = {ward.pk: ward for ward in wards}
    begins, ends = local(day, time(0)), local(day + 2 * ONE_DAY, time(0))
    rows = SyncEvent.objects.filter(
        ward__in=by_id,
        outcome__in=WITHOUT_TASK,
        set_aside_at__isnull=True,
        completed_at__range=(begins, ends),
        received_at__gte=begins - CLOCKS_MAY_DIFFER,
    )
    events: dict[int, list[SyncEvent]] = defaultdict(list)
    for event in rows.select_related("person").defer("payload").order_by("completed_at", "pk"):
        ward = by_id[event.ward_id or 0]
        if event.completed_at and day_of(ward, event.completed_at) == day:
            events[ward.pk].append(event)
    return events
