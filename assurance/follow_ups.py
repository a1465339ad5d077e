"""What an audit sets off after it was answered."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assurance import alerts
from assurance.models import Outcome, SyncEvent
from assurance.readings import measurements_in_words
from tasks.follow_ups import follow_up
from tasks.models import AuditType, Task
from wards.actors import Actor, Source

DASHBOARD = Actor("Assurance Dashboard", Source.SYNC)


def act_on(*, event: SyncEvent) -> None:
    """Do what `event` asks for and note that it is done.

    Whatever fails is tried again as a whole: the follow-up task is created once, but an e-mail may
    then be sent twice, which is better than never.

    Raises `OSError` (`smtplib.SMTPException` is one) when the mail server does not take the e-mail.
    """
    if event.outcome == Outcome.WARD_MISMATCH:
        alerts.tell_of_missing_access(event)
    else:
        alerts.tell_of_values_out_of_range(event, _follow_up_of(event))
    SyncEvent.objects.awaiting_follow_up().filter(pk=event.pk).update(followed_up_at=timezone.now())


def follow_up_audit(*, event: SyncEvent, task: Task, at: datetime | None = None) -> Task:
    """Return the follow-up of `task`, which `event` completed with a value out of range."""
    audit = AuditType(event.audit_type).label.lower()
    measured = "; ".join(measurements_in_words(event.values))
    return follow_up(
        task=task,
        title=f"Act on {audit} out of range",
        instructions=f"The audit found: {measured}." if measured else "",
        by=DASHBOARD,
        at=at,
    )


@transaction.atomic
def _follow_up_of(event: SyncEvent) -> Task | None:
    """Return the follow-up task of `event`, created at the first try."""
    locked = SyncEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if locked.follow_up is None and event.task is not None:
        locked.follow_up = follow_up_audit(event=event, task=event.task)
        locked.save(update_fields=["follow_up"])
    return locked.follow_up
