"""What people are told of the sync: in the diary and the admin at once, then by e-mail and Teams.

An alert is a row first, in the transaction of what it tells of; `assurance.alert_delivery` sends
it. Alerts hold no patient data, and nothing that a nurse typed.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from assurance.models import AlertKind, SyncAlert, SyncEvent
from assurance.readings import measurements_in_words
from audit.events import record
from tasks.models import AuditType, Task
from tasks.words import date_and_clock
from wards import wake_up
from wards.actors import Actor
from wards.models import Ward

LONGEST_LINE = 300  # characters
LONGEST_SUBJECT = 200


def tell(
    *,
    kind: AlertKind,
    ward: Ward | None,
    lines: Collection[str],
    subject: str = "",
    path: str = "",
    event: SyncEvent | None = None,
) -> SyncAlert:
    """Tell who runs `ward`, or the senior admins if it is `None` or has nobody.

    Belongs in the transaction of what it tells of. Alerts of one kind, ward and subject are the
    same thing: people get at most one message an hour about it, with all that came meanwhile.

    Args:
        kind: what it is about.
        ward: whose people are to act.
        lines: plain sentences without patient data or free text of a nurse.
        subject: what the message is headed, without numbers that change; else as `kind` says.
        path: where in the Hub to look, for example `/admin/…`.
        event: the audit that it is about, if it is one.
    """
    subject = subject or (f"{ward}: {kind.label.lower()}" if ward else kind.label)
    alert = SyncAlert.objects.create(
        kind=kind,
        ward=ward,
        subject=subject[:LONGEST_SUBJECT],
        lines=[line[:LONGEST_LINE] for line in lines],
        path=path,
        event=event,
        at=timezone.now(),
    )
    wake_up.on_commit("assurance.jobs.deliver_alerts")
    return alert


@transaction.atomic
def mark_as_seen(*, alerts: QuerySet[SyncAlert], by: Actor, at: datetime) -> int:
    """Take those of `alerts` that nobody has seen off the diary; return how many there were."""
    seen = list(alerts.filter(seen_at__isnull=True).select_related("ward"))
    unseen = SyncAlert.objects.filter(pk__in=[alert.pk for alert in seen], seen_at__isnull=True)
    count = unseen.update(seen_at=at, seen_by=by.user)
    for alert in seen:
        record(
            by=by,
            action="sync_alert.see",
            object_type="sync_alert",
            object_id=str(alert.pk),
            ward=alert.ward.name if alert.ward else "",
        )
    return count


def tell_of_values_out_of_range(event: SyncEvent, follow_up: Task | None) -> None:
    """Tell the ward admins of a value and of the task that follows from it."""
    audit = AuditType(event.audit_type).label.lower()
    lines = [
        f"The {audit} audit of {event.ward}, {_when(event)}, has a value out of range.",
        *measurements_in_words(event.values, event.limits),
    ]
    if follow_up is not None:
        lines.append("An urgent task is in the diary.")
    tell(
        kind=AlertKind.OUT_OF_RANGE,
        ward=event.ward,
        subject=f"{event.ward}: {audit} out of range",
        lines=lines,
        path=follow_up.get_absolute_url() if follow_up else _page_of(event),
        event=event,
    )


def tell_of_correction(event: SyncEvent, before: SyncEvent, follow_up: Task | None) -> None:
    """Tell the ward admins that a value out of range was corrected; the task stays theirs."""
    audit = AuditType(event.audit_type).label.lower()
    lines = [
        f"The {audit} audit of {event.ward}, {_when(event)}, was out of range and is corrected "
        "into range on the Assurance Dashboard.",
        "Before:",
        *measurements_in_words(before.values, before.limits),
        "Now:",
        *measurements_in_words(event.values, event.limits),
    ]
    if follow_up is not None:
        lines.append("The urgent task stays in the diary: decide there whether it is still needed.")
    tell(
        kind=AlertKind.CORRECTED,
        ward=event.ward,
        subject=f"{event.ward}: {audit} corrected into range",
        lines=lines,
        path=follow_up.get_absolute_url() if follow_up else _page_of(event),
        event=event,
    )


def tell_of_missing_access(event: SyncEvent) -> None:
    """Tell the senior admins that an audit was refused."""
    tell(
        kind=AlertKind.WARD_MISMATCH,
        ward=None,
        lines=[
            f"The API client “{event.client.name}” sent an audit that the Hub refused, "
            f"{_when(event)}:",
            *(detail["message"] for detail in event.details),
            f"Ward, as sent: {event.ward_name}",
            f"Audit: {event.audit_id}",
        ],
        path=_page_of(event),
        event=event,
    )


def tell_of_kept_audit(event: SyncEvent) -> None:
    """Tell the ward admins that an audit has found no task."""
    audit = AuditType(event.audit_type).label
    tell(
        kind=AlertKind.NO_MATCH,
        ward=event.ward,
        lines=[f"{audit}, {_when(event)}: no task was found. It is kept."],
        path=reverse("admin:assurance_kept"),
        event=event,
    )


def _when(event: SyncEvent) -> str:
    return date_and_clock(event.completed_at or event.received_at)


def _page_of(event: SyncEvent) -> str:
    return reverse("admin:assurance_syncevent_change", args=[event.pk])
