"""E-mails to those who must act; they hold no patient data."""

from django.conf import settings

from assurance.models import SyncEvent
from assurance.readings import measurements_in_words
from tasks.models import AuditType, Task
from tasks.words import date_and_clock
from wards.alert_mail import send, senior_admins, ward_admins_of


def tell_of_values_out_of_range(event: SyncEvent, follow_up: Task | None) -> None:
    """Write to the ward admins; to the senior admins where the ward has none."""
    audit = AuditType(event.audit_type).label.lower()
    lines = [
        f"The {audit} audit of {event.ward_name}, {_when(event)}, has a value out of range.",
        *measurements_in_words(event.values),
    ]
    if follow_up is not None:
        address = f"{settings.HUB_BASE_URL}{follow_up.get_absolute_url()}"
        lines.append(f"An urgent task is in the diary: {address}")
    readers = (event.ward and ward_admins_of(event.ward)) or senior_admins()
    send(f"{event.ward_name}: {audit} out of range", lines, readers)


def tell_of_missing_access(event: SyncEvent) -> None:
    """Write to the senior admins that an audit was refused."""
    reasons = [detail["message"] for detail in event.details]
    lines = [
        f"The API client “{event.client.name}” sent an audit that the Hub refused, {_when(event)}:",
        *reasons,
        f"Ward, as sent: {event.ward_name}",
        f"Audit: {event.audit_id}",
        f"It is sync event {event.pk} in the admin: {settings.HUB_BASE_URL}/admin/",
    ]
    send("An audit was refused: no access to the ward", lines, senior_admins())


def _when(event: SyncEvent) -> str:
    return date_and_clock(event.completed_at or event.received_at)
