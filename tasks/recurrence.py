"""Changing recurring work: only tasks that nobody has touched follow, from tomorrow on."""

from django.db import transaction
from django.utils import timezone

from audit.events import record
from tasks import shifts
from tasks.actors import Actor
from tasks.models import Task, TaskTemplate
from tasks.schedule import coming_days, generate


@transaction.atomic
def save_template(*, template: TaskTemplate, by: Actor) -> TaskTemplate:
    """Save a new or changed template and bring the untouched tasks from tomorrow on in step."""
    action = "template.change" if template.pk else "template.create"
    template.save()
    _remove_untouched(template)
    now = timezone.now()
    today = shifts.local_date(now)
    generate(
        days=[day for day in coming_days(now) if day > today or action == "template.create"],
        templates=[template],
        by=by,
    )
    _record(template, action, by)
    return template


@transaction.atomic
def delete_template(*, template: TaskTemplate, by: Actor) -> None:
    """Delete a template and its untouched tasks from tomorrow on; other tasks stay."""
    _remove_untouched(template)
    _record(template, "template.delete", by)
    template.delete()


def _remove_untouched(template: TaskTemplate) -> None:
    tomorrow = shifts.local_date(timezone.now()) + shifts.ONE_DAY
    untouched = Task.objects.untouched().filter(template=template, due_on__gte=tomorrow)
    # Locked first, so that a task that somebody claims at this moment is seen as touched.
    locked = untouched.select_for_update(of=("self",)).values_list("pk", flat=True)
    Task.objects.filter(pk__in=list(locked)).delete()


def _record(template: TaskTemplate, action: str, by: Actor) -> None:
    record(
        actor_id=by.user_id,
        actor_name=by.name,
        source=by.source,
        action=action,
        object_type="template",
        object_id=str(template.pk),
        ward=template.ward.name,
    )
