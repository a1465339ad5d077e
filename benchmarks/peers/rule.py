"""Which task does an audit complete? The rule of the contract, in plain Python.

A test holds it to `assurance.matching`, which a program without Django cannot import.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Candidate:
    """A task of the audit's ward and type; `start` and `end` are those of its shift."""

    task_id: int
    start: datetime
    end: datetime
    due_on: date
    is_open: bool

    def distance(self, at: datetime) -> timedelta:
        """How far `at` lies outside the shift; zero inside."""
        return max(self.start - at, at - self.end, timedelta(0))


def local_date(moment: datetime) -> date:
    """Return London's date at `moment`."""
    return moment.astimezone(LONDON).date()


def days_that_matter(at: datetime) -> list[date]:
    """Return the days on which a task may be due that an audit at `at` completes."""
    return [local_date(at) - ONE_DAY, local_date(at)]


def candidate(
    task_id: int, due_on: date, shift: str, times: tuple[time, time], *, is_open: bool
) -> Candidate:
    """Return a task with its shift of `times`; a night ends on the day after it began."""
    last_day = due_on + ONE_DAY if shift == "night" else due_on
    start, end = _local(due_on, times[0]), _local(last_day, times[1])
    return Candidate(task_id, start, end, due_on, is_open)


def choose(candidates: Sequence[Candidate], at: datetime) -> Candidate | None:
    """Return the task that an audit completed at `at` belongs to, or None."""
    on_duty = [one for one in candidates if one.start <= at < one.end]
    if on_duty:
        pending = [one for one in on_duty if one.is_open]
        if pending:
            return min(pending, key=lambda one: (one.end, one.task_id))
        return max(on_duty, key=lambda one: (one.end, -one.task_id))
    that_day = [one for one in candidates if one.due_on == local_date(at)]
    pending = [one for one in that_day if one.is_open]
    return min(
        pending or that_day,
        key=lambda one: (one.distance(at), one.start, one.task_id),
        default=None,
    )


def _local(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LONDON).astimezone(ZoneInfo("UTC"))
