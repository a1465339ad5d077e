"""Which task does an audit complete? A pure rule, exactly as domain.md decides it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tasks.shifts import Window, local_date


@dataclass(frozen=True)
class Candidate:
    """A task of the audit's ward and type that is not cancelled; `window` is its shift."""

    task_id: int
    window: Window
    due_on: date
    is_open: bool


def choose(candidates: Sequence[Candidate], at: datetime) -> Candidate | None:
    """Return the task that an audit completed at `at` belongs to, or `None`.

    The shifts on duty decide; only where they have no such task, the local date does. Of tasks that
    are equal in all this, the older one is taken.
    """
    on_duty = [one for one in candidates if at in one.window]
    if on_duty:
        return _first_to_end(on_duty) or _last_to_end(on_duty)
    that_day = [one for one in candidates if one.due_on == local_date(at)]
    return _nearest([one for one in that_day if one.is_open], at) or _nearest(that_day, at)


def _first_to_end(on_duty: Sequence[Candidate]) -> Candidate | None:
    pending = [one for one in on_duty if one.is_open]
    return min(pending, key=lambda one: (one.window.end, one.task_id), default=None)


def _last_to_end(on_duty: Sequence[Candidate]) -> Candidate | None:
    return max(on_duty, key=lambda one: (one.window.end, -one.task_id), default=None)


def _nearest(that_day: Sequence[Candidate], at: datetime) -> Candidate | None:
    def distance(one: Candidate) -> tuple[timedelta, datetime, int]:
        return one.window.distance(at), one.window.start, one.task_id

    return min(that_day, key=distance, default=None)
