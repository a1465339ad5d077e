"""An audit and its task: found by the rule, completed if it is open, written down."""

from dataclasses import dataclass
from datetime import datetime

from assurance.matching import Candidate, choose
from assurance.models import Outcome, SyncEvent
from audit.events import record
from audit.models import Outcome as AuditOutcome
from tasks import actions
from tasks.models import Shift, Status, Task
from tasks.shifts import ONE_DAY, local_date, window
from wards import wake_up
from wards.actors import Actor, Source
from wards.models import Ward


@dataclass(frozen=True)
class Found:
    """The task of an audit, and whether the audit completed it or came after somebody else."""

    task: Task
    outcome: Outcome


def complete_its_task(*, event: SyncEvent, ward: Ward, by: Actor) -> Found | None:
    """Find the task of `event` and complete it if it is open, in the caller's transaction.

    Whoever acts on a task that may match, at the same moment, waits for us or we for them.
    """
    if event.completed_at is None:
        return None
    tasks = _locked_tasks_that_may_match(event.audit_type, ward, event.completed_at)
    match = choose([candidate(task) for task in tasks], event.completed_at)
    if match is None:
        return None
    task = next(task for task in tasks if task.pk == match.task_id)
    if not match.is_open:
        return Found(task, Outcome.ALREADY_COMPLETE)
    completed = actions.complete_locked(task=task, by=by, at=event.completed_at)
    return Found(completed, Outcome.COMPLETED)


def candidate(task: Task) -> Candidate:
    """Return what the matching rule needs to know of `task`."""
    shift = window(task.ward, task.due_on, Shift(task.shift))
    return Candidate(task.pk, shift, task.due_on, task.is_open)


def write_down(*, event: SyncEvent, found: Found | None, at: datetime) -> None:
    """Save what `event` found at `at`; without a task it is kept, to be matched again."""
    if found is None:
        event.outcome = Outcome.NO_MATCHING_TASK
    else:
        event.outcome, event.task = found.outcome, found.task
        event.task_public_id, event.synced_at = found.task.public_id, at
    save(event)


def save(event: SyncEvent) -> None:
    """Write down what became of `event`; start its follow-up if it needs one."""
    event.needs_follow_up, event.followed_up_at = needs_follow_up(event), None
    event.save()
    if event.needs_follow_up:
        wake_follow_up(event)
    log_receipt(event)


def wake_follow_up(event: SyncEvent) -> None:
    """Start the job that does what `event` asks for, once it is stored."""
    wake_up.on_commit("assurance.jobs.follow_up", event.pk)


def needs_follow_up(event: SyncEvent) -> bool:
    """Say whether somebody must hear of `event`: no access, no task, or a value out of range."""
    is_open = event.outcome in (Outcome.WARD_MISMATCH, Outcome.NO_MATCHING_TASK)
    return is_open or (event.succeeded and event.out_of_range)


def log_receipt(event: SyncEvent) -> None:
    """Write the audit event of `event`; the last thing in a transaction, as `record` asks."""
    record(
        by=Actor(event.client.name, Source.SYNC),
        action="audit.receive",
        object_type="sync_event",
        object_id=str(event.pk),
        ward=event.ward.name if event.ward else "",
        outcome=AuditOutcome.REFUSED if event.was_refused else AuditOutcome.DONE,
        detail={
            "audit": event.audit_id,
            "outcome": event.outcome,
            "task": event.task_public_id,
        },
    )


def _locked_tasks_that_may_match(audit_type: str, ward: Ward, at: datetime) -> list[Task]:
    # A shift on duty began today or yesterday, so no other day's tasks can matter.
    days = [local_date(at) - ONE_DAY, local_date(at)]
    tasks = Task.objects.filter(ward=ward, audit_type=audit_type, due_on__in=days)
    locked = tasks.select_for_update(no_key=True).exclude(status=Status.CANCELLED).order_by("pk")
    found = list(locked)
    for task in found:
        task.ward = ward
    return found
