"""The demo's data: five wards, people, patients, a month that has been lived, a week ahead."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from audit.events import record
from demo.audits import DEMO
from demo.guides import create_guides
from demo.history import live
from demo.limits import create_limits
from demo.patients import PATIENTS, create_patients
from demo.people import create_people
from demo.wards import create_wards
from demo.work import create_templates
from tasks import shifts
from tasks.models import Kind, Task, TaskEvent
from tasks.schedule import DAYS_AHEAD, generate
from wards.features import Feature, feature_available
from wards.models import Ward

DAYS_BACK = 30
UNTOUCHED = 1  # the version of a task as it was generated


@transaction.atomic
def seed(
    *, now: datetime | None = None, days_back: int = DAYS_BACK, patients: int = PATIENTS
) -> bool:
    """Fill an empty database; in a filled one, live the days that passed since.

    What somebody has touched stays as it is, and so does a day that has been lived. Returns whether
    anything was missing.

    Args:
        patients: how many of those whom SystmOne knows are on each ward.
    """
    now = now or timezone.now()
    today = shifts.local_date(now)
    first_day = today - timedelta(days=days_back)
    if not Ward.objects.exists():
        _create_what_lasts(first_day, now)
    create_patients(now=now, on_each_ward=patients)
    created = _generate_missing_days(first_day, today + timedelta(days=DAYS_AHEAD))
    days = _days_to_live(first_day, now)
    if days:
        live(days=days, now=now)
    if created or days:
        _record(created, days)
    return bool(created or days)


def _create_what_lasts(first_day: date, now: datetime) -> None:
    wards = create_wards()
    create_people(wards, now=now)
    create_guides()
    if feature_available(Feature.ASSURANCE_SYNC):
        create_limits()
    create_templates(list(wards.values()), active_from=first_day)


def _generate_missing_days(first_day: date, last_day: date) -> int:
    wanted = shifts.days(first_day, (last_day - first_day).days + 1)
    present = set(
        Task.objects.of_kind(Kind.WARD)
        .filter(due_on__gte=first_day)
        .values_list("due_on", flat=True)
    )
    missing = [day for day in wanted if day not in present]
    created = generate(days=missing) if missing else 0
    if created:
        for day in missing:
            _date_creation_back(day)
    return created


def _date_creation_back(day: date) -> None:
    """A day's tasks are created in the night a week before."""
    night = shifts.local(day - timedelta(days=DAYS_AHEAD), time(2, 30))
    # Read first: PostgreSQL has no figures yet about rows of its own transaction to plan a join by.
    ward_tasks = Task.objects.of_kind(Kind.WARD).filter(due_on=day)
    tasks = list(ward_tasks.values_list("pk", flat=True))
    created = TaskEvent.objects.filter(action=TaskEvent.Action.CREATE, task__in=tasks)
    created.filter(at__gt=night).update(at=night)


def _days_to_live(first_day: date, now: datetime) -> list[date]:
    """Return no day if somebody has worked on each, else all: a day's end was not lived either."""
    on_duty = max(shifts.current_shift(ward, now).day for ward in Ward.objects.all())
    past = (
        Task.objects.of_kind(Kind.WARD)
        .filter(due_on__range=(first_day, on_duty))
        .order_by("due_on")
    )
    changes = dict(past.values_list("due_on").annotate(Max("version")))
    return list(changes) if UNTOUCHED in changes.values() else []


def _record(created: int, lived: Collection[date]) -> None:
    record(
        by=DEMO,
        action="demo.seed",
        detail={"tasks": created, "days": len(lived)},
    )
