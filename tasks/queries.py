"""Reads of the diary, always within the user's scope."""

from django.db.models import QuerySet
from django.http import Http404

from tasks.models import Kind, Task, TaskEvent
from wards.models import User


def find_task(user: User, public_id: str) -> Task:
    """Return the ward task that people know as `public_id`.

    Raises Http404 if there is none on the wards that `user` may see.
    """
    task = (
        Task.objects.visible_to(user)
        .of_kind(Kind.WARD)
        .with_public_id(public_id)
        .select_related("ward", "claimed_by", "guide")
        .first()
    )
    if task is None:
        raise Http404
    return task


def history_of(task: Task) -> QuerySet[TaskEvent]:
    """Return what happened to `task`, the latest first."""
    return task.events.order_by("-pk")
