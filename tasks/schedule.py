"""Generation of ward tasks from templates.

It may run twice, or twice at once: each template gives each of its days one task, held by a lock on
the templates and by a unique constraint.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from audit.events import record
from tasks import shifts, signals
from tasks.models import Kind, Task, TaskEvent, TaskTemplate
from wards.actors import Actor, Source

SCHEDULE = Actor("The schedule", Source.JOB)
DAYS_AHEAD = 7
BATCH = 1000


def coming_days(now: datetime) -> list[date]:
    """Return yesterday, whose night shift may still be on duty, today, and the days ahead."""
    yesterday = shifts.local_date(now) - shifts.ONE_DAY
    return list(shifts.days(yesterday, DAYS_AHEAD + 2))


@transaction.atomic
def generate(
    *,
    days: Collection[date],
    templates: Collection[TaskTemplate] | None = None,
    by: Actor = SCHEDULE,
) -> int:
    """Create the tasks that are missing on `days`, of all templates unless some are given.

    What waits for approval, or was declined, makes none.
    Returns how many it created. Announces `tasks_generated`.
    """
    wanted = _locked(templates)
    present = set(
        Task.objects.filter(template__in=[t.pk for t in wanted], due_on__in=days).values_list(
            "template_id", "due_on"
        )
    )
    missing = [
        _task(template, day)
        for day in days
        for template in wanted
        if template.falls_on(day) and (template.pk, day) not in present
    ]
    if not missing:
        return 0
    created = Task.objects.bulk_create(missing, batch_size=BATCH)
    _log_creation(created, by)
    signals.tasks_generated.send(sender=Task, ward_ids={task.ward_id for task in created})
    return len(created)


def _locked(templates: Collection[TaskTemplate] | None) -> list[TaskTemplate]:
    rows = TaskTemplate.objects.in_force().select_for_update(no_key=True).order_by("pk")
    if templates is not None:
        rows = rows.filter(pk__in=[template.pk for template in templates])
    return list(rows)


def _task(template: TaskTemplate, day: date) -> Task:
    return Task(
        kind=Kind.WARD,
        ward_id=template.ward_id,
        title=template.title,
        instructions=template.instructions,
        due_on=day,
        shift=template.shift,
        priority=template.priority,
        carry_over=template.carry_over,
        template=template,
        audit_type=template.audit_type,
        guide_id=template.guide_id,
    )


def _log_creation(created: Collection[Task], by: Actor) -> None:
    now = timezone.now()
    TaskEvent.objects.bulk_create(
        [
            TaskEvent(
                task=task,
                action=TaskEvent.Action.CREATE,
                at=now,
                by=by.user,
                by_name=by.name,
                source=by.source,
            )
            for task in created
        ],
        batch_size=BATCH,
    )
    record(
        by=by,
        action="task.generate",
        detail={"tasks": len(created)},
        at=now,
    )
