"""Processing an event again, once what stood in its way has been put right."""

from django.db import transaction
from django.utils import timezone

from assurance.models import Outcome, SyncEvent
from assurance.sync import match_again, process
from audit.events import record
from audit.models import Outcome as AuditOutcome
from wards.actors import Actor


class NotReplayable(Exception):
    """The event has been processed meanwhile, or must not be processed again."""


def replay(*, event: SyncEvent, by: Actor) -> SyncEvent:
    """Process `event` again, by today's wards, rights and tasks; return it as it stands then.

    Where something still stands in its way, nothing is changed, and `details` say what it is.

    Raises NotReplayable.
    """
    with transaction.atomic():
        locked = SyncEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
        if not locked.can_be_processed_again:
            raise NotReplayable
        replayed = _replayed(locked)
        _record(replayed, by)
    return replayed


def _replayed(event: SyncEvent) -> SyncEvent:
    if event.outcome == Outcome.NO_MATCHING_TASK:
        return match_again(event.pk) or event
    event.details = []
    with transaction.atomic():
        process(event, at=timezone.now())
        if event.outcome == Outcome.WARD_MISMATCH:
            transaction.set_rollback(True)  # whoever must know has been told before
    return event


def _record(event: SyncEvent, by: Actor) -> None:
    record(
        by=by,
        action="sync_event.replay",
        object_type="sync_event",
        object_id=str(event.pk),
        ward=event.ward.name if event.ward else "",
        outcome=AuditOutcome.DONE if event.succeeded else AuditOutcome.REFUSED,
        detail={"audit": event.audit_id, "outcome": event.outcome},
    )
