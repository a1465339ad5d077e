"""What became of the audits that the diary expects: one read for every page that asks.

An audit is expected where a ward has a task of its type; a night shift belongs to the date on which
it starts.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db import models

from assurance.corrections import versions_of, with_corrections
from assurance.models import Outcome, SyncEvent
from assurance.models.event import SUCCESSES
from tasks.models import AuditType, Shift, Status, Task
from tasks.shifts import Window, current_shift, window
from wards.models import Ward

FACTS = (
    *("ward_id", "kind", "title", "audit_type", "due_on", "shift", "status"),
    *("completed_at", "completed_by_name", "cancelled_reason"),
)


class Fate(models.TextChoices):
    """What became of an audit; it is to do until its shift has ended."""

    IN_TIME = "in_time", "Done in time"
    LATE = "late", "Done late"
    MISSED = "missed", "Missed"
    CANCELLED = "cancelled", "Cancelled"
    TO_DO = "to_do", "To do"

    @property
    def short(self) -> str:
        """The same in a calendar, where there is little room."""
        return self.label.removeprefix("Done ").capitalize()


class Way(models.TextChoices):
    """How the task of an audit was completed, and whether the dashboard has told of the audit."""

    BY_SYNC = "by_sync", "By sync"
    BY_HAND = "by_hand", "By hand, and on the dashboard"
    ONLY_BY_HAND = "only_by_hand", "By hand, never seen on the dashboard"


DONE = (Fate.IN_TIME, Fate.LATE)


@dataclass(frozen=True)
class ExpectedAudit:
    """A task of an audit type with what became of it; `way` says how it was done."""

    task: Task
    ward: Ward
    due: Window
    fate: Fate
    way: Way | None
    is_out_of_range: bool

    @property
    def audit_type(self) -> AuditType:
        return AuditType(self.task.audit_type)

    @property
    def is_done(self) -> bool:
        return self.fate in DONE


def expected_audits(
    wards: Collection[Ward], *, first: date, last: date, now: datetime
) -> list[ExpectedAudit]:
    """Return the audits that were due on `wards` from `first` to `last`, in three queries.

    In order of ward, date, shift and type.
    """
    by_id = {ward.pk: ward for ward in wards}
    due_tasks = Task.objects.filter(ward__in=by_id, due_on__range=(first, last))
    tasks = list(due_tasks.exclude(audit_type="").only(*FACTS))
    events = _events_of(tasks)
    windows = cache(window)
    found = []
    for task in tasks:
        ward = by_id[task.ward_id]
        due = windows(ward, task.due_on, Shift(task.shift))
        found.append(_expected(task, ward, due, events.get(task.pk, ()), now))
    return sorted(found, key=_in_order)


def day_of(ward: Ward, moment: datetime) -> date:
    """Return the date of the shift on duty at `moment`: 02:00 belongs to the day before."""
    return current_shift(ward, moment).day


def _events_of(tasks: Collection[Task]) -> Mapping[int, Sequence[SyncEvent]]:
    # By number, not by a join: a planner that joins might read every event that there is.
    numbers = [task.pk for task in tasks]
    events = SyncEvent.objects.filter(task__in=numbers, outcome__in=SUCCESSES)
    by_task: dict[int, list[SyncEvent]] = defaultdict(list)
    events = events.only("task_id", "outcome", "completed_at", "out_of_range").order_by()
    for event in with_corrections(events):
        if event.task_id:
            by_task[event.task_id].append(event)
    return by_task


def _fate(task: Task, due: Window, now: datetime) -> Fate:
    match Status(task.status):
        case Status.COMPLETED if task.completed_at:
            return Fate.IN_TIME if task.completed_at < due.end else Fate.LATE
        case Status.CANCELLED:
            return Fate.CANCELLED
    return Fate.TO_DO if now < due.end else Fate.MISSED


def _expected(
    task: Task, ward: Ward, due: Window, events: Sequence[SyncEvent], now: datetime
) -> ExpectedAudit:
    fate = _fate(task, due, now)
    return ExpectedAudit(
        task=task,
        ward=ward,
        due=due,
        fate=fate,
        way=_way(task, events) if fate in DONE else None,
        is_out_of_range=any(versions_of(event)[-1].out_of_range for event in events),
    )


def _way(task: Task, events: Sequence[SyncEvent]) -> Way:
    """A task that was reopened and then completed by hand was not completed by the old audit."""
    if any(
        event.outcome == Outcome.COMPLETED and event.completed_at == task.completed_at
        for event in events
    ):
        return Way.BY_SYNC
    return Way.BY_HAND if events else Way.ONLY_BY_HAND


def _in_order(audit: ExpectedAudit) -> tuple[str, date, int, str, int]:
    task = audit.task
    shift = list(Shift).index(Shift(task.shift))
    return audit.ward.name, task.due_on, shift, task.audit_type, task.pk
