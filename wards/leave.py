"""Leave, return, and absence without leave."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from wards import discharges
from wards.actors import Actor
from wards.models import Stay, StayEvent, StayStatus
from wards.signals import patient_absent, patient_returned
from wards.stays import StayChanged, change, is_allowed

ABSENT = "The patient is absent without leave."
"""Why a pending discharge is sent back then."""


@transaction.atomic
def go_on_leave(*, stay: Stay, by: Actor, reason: str = "", at: datetime | None = None) -> Stay:
    """Note that the patient has gone on leave; the bed stays theirs.

    Raises StayChanged.
    """
    return change(
        StayEvent.Action.LEAVE,
        stay,
        by,
        at or timezone.now(),
        status=StayStatus.ON_LEAVE,
        reason=reason,
    )


@transaction.atomic
def come_back(*, stay: Stay, by: Actor, at: datetime | None = None) -> Stay:
    """Note that the patient is back, from leave or from an absence. Raises StayChanged.

    Announces `patient_returned` after an absence.
    """
    at = at or timezone.now()
    was_absent = stay.status == StayStatus.ABSENT
    back = change(StayEvent.Action.RETURN, stay, by, at, status=StayStatus.ACTIVE)
    if was_absent:
        patient_returned.send(Stay, stay_id=stay.pk, by=by, at=at)
    return back


@transaction.atomic
def be_absent(*, stay: Stay, by: Actor, reason: str = "", at: datetime | None = None) -> Stay:
    """Note that the patient is absent without leave. Raises StayChanged.

    A discharge that is pending is sent back: it starts anew when the patient is back.

    Announces `patient_absent`, upon which some of the patient's tasks wait.
    """
    at = at or timezone.now()
    if stay.status == StayStatus.PENDING_DISCHARGE:
        stay = discharges.give_up(stay=stay, reason=ABSENT, by=by, at=at)
    absent = change(
        StayEvent.Action.ABSENT,
        stay,
        by,
        at,
        status=StayStatus.ABSENT,
        before=stay.status,
        reason=reason,
    )
    patient_absent.send(Stay, stay_id=stay.pk, by=by, at=at)
    return absent


@transaction.atomic
def not_be_absent(*, stay: Stay, by: Actor, at: datetime | None = None) -> Stay:
    """Take back an absence that was none: the stay is again as it was before it.

    Announces `patient_returned`. Raises StayChanged.
    """
    at = at or timezone.now()
    if not is_allowed(StayEvent.Action.NOT_ABSENT, stay):
        raise StayChanged(stay)
    absence = stay.events.filter(action=StayEvent.Action.ABSENT).latest("at", "pk")
    back = change(StayEvent.Action.NOT_ABSENT, stay, by, at, status=absence.before)
    patient_returned.send(Stay, stay_id=stay.pk, by=by, at=at)
    return back
