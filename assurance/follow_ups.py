"""What an audit sets off after it was answered."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assurance import alerts
from assurance.corrections import version_before
from assurance.models import Outcome, SyncEvent
from assurance.readings import measurements_in_words
from tasks.follow_ups import follow_up
from tasks.models import AuditType, Task
from wards.actors import Actor, Source

DASHBOARD = Actor("Assurance Dashboard", Source.SYNC)


@transaction.atomic
def act_on(*, event_id: int) -> None:
    """Do what the event asks for, once: a follow-up task, an alert; quiet where nothing is left."""
    waiting = SyncEvent.objects.awaiting_follow_up().filter(pk=event_id)
    event = waiting.select_for_update(of=("self",)).first()
    if event is None:
        return
    match event.outcome:
        case Outcome.WARD_MISMATCH:
            alerts.tell_of_missing_access(event)
        case Outcome.NO_MATCHING_TASK:
            alerts.tell_of_kept_audit(event)
        case Outcome.CORRECTED if event.repeat_of:
            _act_on_correction(event, event.repeat_of)
        case _:
            alerts.tell_of_values_out_of_range(event, _follow_up_of(event, event.task))
    event.followed_up_at = timezone.now()
    event.save(update_fields=["follow_up", "followed_up_at"])


def follow_up_audit(*, event: SyncEvent, task: Task, at: datetime | None = None) -> Task:
    """Return the follow-up of `task`, which `event` completed with a value out of range."""
    audit = AuditType(event.audit_type).label.lower()
    measured = "; ".join(measurements_in_words(event.values, event.limits))
    return follow_up(
        task=task,
        title=f"Act on {audit} out of range",
        instructions=f"The audit found: {measured}." if measured else "",
        by=DASHBOARD,
        at=at,
    )


def _act_on_correction(event: SyncEvent, first: SyncEvent) -> None:
    """Follow up what is newly out of range; say so where it is newly in range."""
    event.ward = first.ward
    if event.out_of_range:
        alerts.tell_of_values_out_of_range(event, _follow_up_of(event, first.task))
    else:
        alerts.tell_of_correction(event, version_before(event), first.follow_up)


def _follow_up_of(event: SyncEvent, task: Task | None) -> Task | None:
    """Return the follow-up of `task`; there is none where it was deleted meanwhile."""
    if task is not None:
        event.follow_up = follow_up_audit(event=event, task=task)
    return event.follow_up
