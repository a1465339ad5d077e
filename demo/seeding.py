"""The demo's data: five wards, their people, a month that has been lived, a week ahead."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from audit.events import record
from demo.audits import DEMO
from demo.guides import create_guides
from demo.history import live
from demo.people import create_people
from demo.wards import create_wards
from demo.work import create_templates
from tasks import shifts
from tasks.models import Task, TaskEvent
from tasks.schedule import DAYS_AHEAD, generate
from wards.models import Ward

DAYS_BACK = 30


@transaction.atomic
def seed(*, now: datetime | None = None) -> bool:
    """Fill an empty database; in a filled one, live the days that passed since.

    What somebody has touched stays as it is, and so does a day that has been lived. Returns whether
    anything was missing.
    """
    now = now or timezone.now()
    first_day = shifts.local_date(now) - timedelta(days=DAYS_BACK)
    if not Ward.objects.exists():
        _create_what_lasts(first_day, now)
    created = _generate_missing_days(first_day)
    unlived = _unlived_days(first_day, now)
    if unlived:
        live(days=unlived, now=now)
    if created or unlived:
        _record(created, unlived)
    return bool(created or unlived)


def _create_what_lasts(first_day: date, now: datetime) -> None:
    wards = create_wards()
    create_people(wards, now=now)
    create_guides()
    create_templates(list(wards.values()), active_from=first_day)


def _generate_missing_days(first_day: date) -> int:
    wanted = shifts.days(first_day, DAYS_BACK + 1 + DAYS_AHEAD)
    present = set(Task.objects.filter(due_on__gte=first_day).values_list("due_on", flat=True))
    missing = [day for day in wanted if day not in present]
    created = generate(days=missing)
    for day in missing:
        _date_creation_back(day)
    return created


def _date_creation_back(day: date) -> None:
    """A day's tasks are created in the night a week before."""
    night = shifts.local(day - timedelta(days=DAYS_AHEAD), time(2, 30))
    created = TaskEvent.objects.filter(action=TaskEvent.Action.CREATE, task__due_on=day)
    created.filter(at__gt=night).update(at=night)


def _unlived_days(first_day: date, now: datetime) -> list[date]:
    """Return the days that nobody has worked on, and the day before each: its end was not lived."""
    on_duty = max(shifts.current_shift(ward, now).day for ward in Ward.objects.all())
    past = shifts.days(first_day, (on_duty - first_day).days + 1)
    touched = Task.objects.filter(due_on__gte=first_day, version__gt=1)
    lived = set(touched.values_list("due_on", flat=True))
    unlived = {day for day in past if day not in lived}
    return sorted(unlived | {day - shifts.ONE_DAY for day in unlived})


def _record(created: int, lived: list[date]) -> None:
    record(
        actor_id="",
        actor_name=DEMO.name,
        source=DEMO.source,
        action="demo.seed",
        detail={"tasks": created, "days": len(lived)},
    )
