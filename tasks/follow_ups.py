"""Work that follows from other work."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tasks.actions import write_history
from tasks.models import Kind, Priority, Task
from tasks.shifts import current_shift
from tasks.transitions import Action
from wards.actors import Actor


@transaction.atomic
def follow_up(
    *, task: Task, title: str, instructions: str, by: Actor, at: datetime | None = None
) -> Task:
    """Return the open follow-up of `task`: one urgent ward task for the shift on duty.

    It links the guide of `task` and is carried over until it is done.
    """
    at = at or timezone.now()
    # Locked, so that two that come at once find one follow-up.
    Task.objects.select_for_update(of=("self",), no_key=True).get(pk=task.pk)
    if waiting := Task.objects.open().filter(follow_up_of=task).first():
        return waiting
    on_duty = current_shift(task.ward, at)
    follow_up = Task.objects.create(
        kind=Kind.WARD,
        ward=task.ward,
        title=title,
        instructions=instructions,
        due_on=on_duty.day,
        shift=on_duty.shift,
        priority=Priority.URGENT,
        carry_over=True,
        guide=task.guide,
        follow_up_of=task,
    )
    write_history(follow_up, Action.CREATE, by, at)
    return follow_up
