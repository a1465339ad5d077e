"""What people and machines do to tasks: one function per action.

Each is one transaction: a conditional update, the task's event, the audit event, the signal. Each
raises `TaskChanged` when the task is no longer as the caller saw it, or does not allow the action,
and `Task.DoesNotExist` when it is gone; then nothing has changed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.events import record
from tasks import signals
from tasks.models import Status, Task, TaskEvent
from tasks.patients import hold_stay
from tasks.pauses import paused_among
from tasks.transitions import TRANSITIONS, Action, Claim, is_allowed
from wards.actors import Actor
from wards.models import Stay


class TaskChanged(Exception):
    """The task is not as the caller saw it.

    `current` is the task as it stands; `latest` is what happened to it last.
    """

    def __init__(self, task: Task) -> None:
        self.current = Task.objects.select_related("ward", "claimed_by").get(pk=task.pk)
        self.latest = TaskEvent.objects.filter(task=task).order_by("-pk").first()
        super().__init__(f"{self.current.public_id} has changed")


def claim(*, task: Task, by: Actor, at: datetime | None = None) -> Task:
    """Take an unclaimed task."""
    return _perform(Action.CLAIM, task, by, at)


def release(*, task: Task, by: Actor, at: datetime | None = None) -> Task:
    """Give back a task that one has claimed or started."""
    return _perform(Action.RELEASE, task, by, at)


def take_over(*, task: Task, by: Actor, at: datetime | None = None) -> Task:
    """Take a task from the colleague who claimed it."""
    return _perform(Action.TAKE_OVER, task, by, at)


def start(*, task: Task, by: Actor, at: datetime | None = None) -> Task:
    """Begin a task, claiming it if nobody has."""
    return _perform(Action.START, task, by, at)


def stop(*, task: Task, by: Actor, at: datetime | None = None) -> Task:
    """Have not begun a task after all, but keep it."""
    return _perform(Action.STOP, task, by, at)


def complete(*, task: Task, by: Actor, at: datetime | None = None) -> Task:
    """Mark a task as done by `by` at `at`, whoever claimed it."""
    return _perform(Action.COMPLETE, task, by, at)


def complete_locked(*, task: Task, by: Actor, at: datetime) -> Task:
    """As `complete`, for a task that the caller's transaction has locked: it ends with that."""
    return _perform_in_transaction(Action.COMPLETE, task, by, at)


def cancel(*, task: Task, by: Actor, reason: str, at: datetime | None = None) -> Task:
    """Call a task off, saying why."""
    return _perform(Action.CANCEL, task, by, at, reason)


def reopen(*, task: Task, by: Actor, at: datetime | None = None) -> Task:
    """Undo a completion or a cancellation: begun work that somebody has is in progress again."""
    return _perform(Action.REOPEN, task, by, at)


ONE_CLICK = {
    Action.CLAIM: claim,
    Action.RELEASE: release,
    Action.TAKE_OVER: take_over,
    Action.START: start,
    Action.STOP: stop,
    Action.COMPLETE: complete,
    Action.REOPEN: reopen,
}
"""What one click on a card does; to cancel takes a reason."""

ANNOUNCEMENTS = {
    Action.COMPLETE: signals.task_completed,
    Action.REOPEN: signals.task_reopened,
}


def changes(
    action: Action, task: Task, by: Actor, at: datetime, reason: str = ""
) -> dict[str, Any]:
    """Return the new values of the fields of `task` when `by` does `action` at `at`."""
    transition = TRANSITIONS[action]
    new: dict[str, Any] = {}
    if transition.target is not None:
        is_done = transition.target is Status.COMPLETED
        new = {
            "status": transition.target,
            "completed_by": by.user if is_done else None,
            "completed_by_name": by.name if is_done else "",
            "completed_at": at if is_done else None,
            "cancelled_reason": reason,
        }
    is_mine = by.user is not None and task.claimed_by_id == by.user.pk
    if transition.claim is Claim.MINE and not is_mine:
        new |= {"claimed_by": by.user, "claimed_at": at}
    elif transition.claim is Claim.ENDS:
        new |= {"claimed_by": None, "claimed_at": None}
    return new


@transaction.atomic
def _perform(action: Action, task: Task, by: Actor, at: datetime | None, reason: str = "") -> Task:
    return _perform_in_transaction(action, task, by, at or timezone.now(), reason)


def _perform_in_transaction(
    action: Action, task: Task, by: Actor, at: datetime, reason: str = ""
) -> Task:
    if not is_allowed(action, task, by.user):
        raise TaskChanged(task)
    hold_patient(task)
    if action is not Action.CANCEL and paused_among([task]):
        raise TaskChanged(task)
    new = changes(action, task, by, at, reason)
    if action is Action.REOPEN and _was_begun(task):
        new["status"] = Status.IN_PROGRESS
    set_fields(task, new)
    write_history(task, action, by, at, reason=reason)
    if announcement := ANNOUNCEMENTS.get(action):
        announcement.send(sender=Task, task_id=task.pk)
    return task


def _was_begun(task: Task) -> bool:
    """Say whether a closed task was in progress when it was closed, by its history."""
    steps = task.events.filter(action__in=(Action.START, Action.STOP, Action.RELEASE))
    latest = steps.order_by("-pk").first()
    return task.claimed_by_id is not None and latest is not None and latest.action == Action.START


def hold_patient(task: Task) -> None:
    """Lock the stay of the patient of `task`, if it has one, in the caller's transaction.

    Raises `TaskChanged` where the patient was discharged, or has left the ward on which the task
    was closed; but what a transfer left there is done, and undone, by that ward.
    """
    if task.patient_id is None:
        return
    if not _may_be_worked_on(task, hold_stay(task.patient_id)):
        raise TaskChanged(task)


def is_with_its_patient(task: Task) -> bool:
    """Say whether `task` may be worked on still; the discharge or a transfer may end that."""
    if task.patient_id is None:
        return True
    return _may_be_worked_on(task, Stay.objects.open().filter(patient=task.patient_id).first())


def _may_be_worked_on(task: Task, stay: Stay | None) -> bool:
    return stay is not None and (stay.ward_id == task.ward_id or _is_left_to_its_ward(task))


def _is_left_to_its_ward(task: Task) -> bool:
    return task.is_open or task.events.filter(action=Action.STAY).exists()


def set_fields(task: Task, new: Mapping[str, Any]) -> None:
    """Set fields of `task` in the caller's transaction, which holds its patient.

    Raises `TaskChanged` if it is not as the caller saw it.
    """
    as_seen = Task.objects.filter(pk=task.pk, version=task.version)
    new = {**new, "version": task.version + 1}
    if as_seen.update(**new) != 1:
        raise TaskChanged(task)
    for field, value in new.items():
        setattr(task, field, value)


def write_history(task: Task, action: Action, by: Actor, at: datetime, *, reason: str = "") -> None:
    """Write what happened to the task's history and to the audit log."""
    TaskEvent.objects.create(
        task=task,
        action=action,
        at=at,
        by=by.user,
        by_name=by.name,
        source=by.source,
        reason=reason,
    )
    record(
        by=by,
        action=f"task.{action}",
        object_type="task",
        object_id=task.public_id,
        ward=task.ward.name,
        at=at,
    )
