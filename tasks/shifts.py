"""Shift times: pure rules on local wall time.

A window is half-open: its end belongs to the next shift. A night shift belongs to the date on which
it starts, and lasts an hour less or more when the clocks change inside it.
Source: domain.md, "Wards and shifts".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tasks.models.choices import Shift
from wards.models import Ward

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Window:
    """The time from `start` up to, not including, `end`; both aware."""

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def distance(self, moment: datetime) -> timedelta:
        """How far `moment` lies outside; zero inside."""
        return max(self.start - moment, moment - self.end, timedelta(0))


@dataclass(frozen=True)
class ShiftOnDay:
    """A shift on the date on which it starts."""

    day: date
    shift: Shift


def local(day: date, clock: time) -> datetime:
    """Return the aware moment, in UTC, at which London's clocks show `clock` on `day`."""
    return datetime.combine(day, clock, LONDON).astimezone(ZoneInfo("UTC"))


def window(ward: Ward, day: date, shift: Shift) -> Window:
    """Return when `shift` of `day` begins and ends on `ward`."""
    starts, ends = {
        Shift.EARLY: (ward.early_start, ward.early_end),
        Shift.LATE: (ward.late_start, ward.late_end),
        Shift.NIGHT: (ward.night_start, ward.night_end),
    }[shift]
    last_day = day + ONE_DAY if shift is Shift.NIGHT else day
    return Window(local(day, starts), local(last_day, ends))


def shifts_at(ward: Ward, moment: datetime) -> list[ShiftOnDay]:
    """Return the shifts on duty at `moment`: two during a handover, the older one first."""
    today = local_date(moment)
    candidates = [ShiftOnDay(day, shift) for day in (today - ONE_DAY, today) for shift in Shift]
    return [one for one in candidates if moment in window(ward, one.day, one.shift)]


def current_shift(ward: Ward, moment: datetime) -> ShiftOnDay:
    """Return the shift on duty at `moment`; during a handover the one that is taking over."""
    return shifts_at(ward, moment)[-1]


def following(one: ShiftOnDay) -> ShiftOnDay:
    """Return the shift after `one`."""
    order = list(Shift)
    position = order.index(one.shift) + 1
    if position == len(order):
        return ShiftOnDay(one.day + ONE_DAY, order[0])
    return ShiftOnDay(one.day, order[position])


def days(first: date, number: int) -> Iterator[date]:
    """Yield `number` dates from `first` on."""
    return (first + timedelta(days=offset) for offset in range(number))


def local_date(moment: datetime) -> date:
    """Return London's date at `moment`."""
    return moment.astimezone(LONDON).date()
