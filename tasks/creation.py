"""Work that a person adds to the diary, once, and what a person changes of it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tasks import signals
from tasks.actions import TaskChanged, hold_patient, set_fields, write_history
from tasks.models import Kind, Task
from tasks.policies import can_edit
from tasks.transitions import Action
from wards.actors import Actor

# fmt: off
EDITABLE = {
    Kind.WARD:        {"title", "instructions", "due_on", "shift", "priority", "guide"},
    Kind.PATIENT:     {"title", "instructions", "due_on", "category", "priority", "carry_over"},
    Kind.APPOINTMENT: {"title", "instructions", "due_on", "time", "day_part", "place", "attendees",
                       "guide"},
}
# fmt: on
"""What may be changed of each kind; never whose it is: the history tells of one patient."""


@transaction.atomic
def add_ward_task(*, task: Task, by: Actor) -> Task:
    """Store `task`, new and not yet saved, as a ward task. Announces `tasks_generated`."""
    task.kind = Kind.WARD
    task.save(force_insert=True)
    write_history(task, Action.CREATE, by, timezone.now())
    signals.tasks_generated.send(sender=Task, ward_ids={task.ward_id})
    return task


@transaction.atomic
def edit(
    *, task: Task, by: Actor, at: datetime | None = None, reason: str = "", **new: Any
) -> Task:
    """Set the fields `new`, of those that are `EDITABLE`, of an open task made by hand.

    `reason` stands in the history.

    Raises `TaskChanged` when the task is not as the caller saw it, or closed or generated.
    """
    if unknown := new.keys() - EDITABLE[Kind(task.kind)]:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    if not can_edit(task):
        raise TaskChanged(task)
    hold_patient(task)
    set_fields(task, new)
    write_history(task, Action.EDIT, by, at or timezone.now(), reason=reason)
    return task
