"""Changing recurring work: only tasks that nobody has touched follow, from tomorrow on."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from audit.events import record
from tasks import shifts
from tasks.models import Shift, Task, TaskTemplate
from tasks.schedule import coming_days, generate
from wards.actors import Actor


@transaction.atomic
def save_template(*, template: TaskTemplate, by: Actor) -> TaskTemplate:
    """Save a new or changed template and bring the untouched tasks from tomorrow on in step.

    A new template begins with the first shift that is not over.
    """
    action = "template.change" if template.pk else "template.create"
    now = timezone.now()
    template.in_force_from = _tomorrow(now) if template.pk else first_day(template, now)
    template.save()
    _remove_untouched(template, now)
    generate(days=coming_days(now), templates=[template], by=by)
    write_down(template, action, by)
    return template


@transaction.atomic
def delete_template(*, template: TaskTemplate, by: Actor) -> None:
    """Delete a template and its untouched tasks from tomorrow on; other tasks stay."""
    # A generation under way ends first.
    held = TaskTemplate.objects.select_for_update().get(pk=template.pk)
    _remove_untouched(template, timezone.now())
    held.delete()
    write_down(template, "template.delete", by)  # last: who works holds a task, then the log


def _tomorrow(now: datetime) -> date:
    return shifts.local_date(now) + shifts.ONE_DAY


def first_day(template: TaskTemplate, now: datetime) -> date:
    """Return the day on which a template that is new at `now` begins."""
    shift = Shift(template.shift)
    days = coming_days(now)
    return next(day for day in days if now < shifts.window(template.ward, day, shift).end)


def _remove_untouched(template: TaskTemplate, now: datetime) -> None:
    untouched = Task.objects.untouched().filter(template=template, due_on__gte=_tomorrow(now))
    # Locked first, so that a task that somebody claims at this moment is seen as touched.
    locked = untouched.select_for_update(of=("self",)).values_list("pk", flat=True)
    Task.objects.filter(pk__in=list(locked)).delete()


def write_down(template: TaskTemplate, action: str, by: Actor) -> None:
    """Write what happened to a template to the audit log."""
    record(
        by=by,
        action=action,
        object_type="template",
        object_id=str(template.pk),
        ward=template.ward.name,
    )
