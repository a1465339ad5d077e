"""Work that follows from other work."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tasks.actions import log
from tasks.actors import Actor
from tasks.models import Kind, Priority, Task
from tasks.shifts import current_shift
from tasks.transitions import Action


@transaction.atomic
def follow_up(
    *, task: Task, title: str, instructions: str, by: Actor, at: datetime | None = None
) -> Task:
    """Return the follow-up of `task`: one urgent ward task for the shift on duty, with its guide.

    It is created once, however often this is called, and carried over until it is done.
    """
    at = at or timezone.now()
    on_duty = current_shift(task.ward, at)
    follow_up, created = Task.objects.get_or_create(
        follow_up_of=task,
        defaults={
            "kind": Kind.WARD,
            "ward": task.ward,
            "title": title,
            "instructions": instructions,
            "due_on": on_duty.day,
            "shift": on_duty.shift,
            "priority": Priority.URGENT,
            "carry_over": True,
            "guide": task.guide,
        },
    )
    if created:
        log(follow_up, Action.CREATE, by, at)
    return follow_up
