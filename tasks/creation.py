"""Work that a person adds to the diary, once."""

from django.db import transaction
from django.utils import timezone

from tasks import signals
from tasks.actions import write_history
from tasks.models import Kind, Task
from tasks.transitions import Action
from wards.actors import Actor


@transaction.atomic
def add_ward_task(*, task: Task, by: Actor) -> Task:
    """Store `task`, new and not yet saved, as a ward task. Announces `tasks_generated`."""
    task.kind = Kind.WARD
    task.save(force_insert=True)
    write_history(task, Action.CREATE, by, timezone.now())
    signals.tasks_generated.send(sender=Task, ward_ids={task.ward_id})
    return task
