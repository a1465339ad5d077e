"""What the templates of a ward will put in the diary in the coming days, ready to print."""

from dataclasses import dataclass
from datetime import date, datetime

from tasks import shifts
from tasks.models import Shift, TaskTemplate
from tasks.schedule import coming_days
from wards.models import Ward


@dataclass(frozen=True)
class Day:
    """A day with the templates that fall on it, by shift in the order of the day."""

    day: date
    shifts: tuple[tuple[TaskTemplate, ...], ...]


def read_week(*, ward: Ward, now: datetime) -> list[Day]:
    """Return the days from tomorrow on for which generation makes tasks, in one query.

    Today is left out: its tasks are in the diary, and a changed template no longer changes them.
    """
    of_ward = TaskTemplate.objects.in_force().filter(ward=ward)
    templates = list(of_ward.order_by("-priority", "title"))
    today = shifts.local_date(now)
    return [_day(templates, day) for day in coming_days(now) if day > today]


def _day(templates: list[TaskTemplate], day: date) -> Day:
    due = [template for template in templates if template.falls_on(day)]
    return Day(
        day,
        tuple(tuple(one for one in due if one.shift == shift) for shift in Shift),
    )
