"""Undoing a discharge: a stay that ended goes on."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from wards.access import has_role_on
from wards.actors import Actor
from wards.discharges import NotAllowed
from wards.models import Bed, Role, Stay, StayEvent, StayStatus
from wards.signals import legal_status_set, stay_reopened
from wards.stays import StayChanged, change, check_capacity


def reopen(*, stay: Stay, reason: str, by: Actor, at: datetime | None = None) -> Stay:
    """Undo a discharge, saying why: senior admins only.

    The patient gets the bed back if it is free, else none. Raises NotAllowed, WardFull, or
    StayChanged where the patient has a later stay; then nothing has changed. Announces
    `legal_status_set` and `stay_reopened`.
    """
    at = at or timezone.now()
    if by.user is None or not has_role_on(by.user, stay.ward, role=Role.SENIOR_ADMIN):
        raise NotAllowed("A senior admin may reopen a stay.")
    try:
        return _reopen(stay, _bed_if_free(stay), reason, by, at)
    except IntegrityError:
        pass  # at this very moment: somebody is in the bed, or the patient on a ward again
    try:
        return _reopen(stay, None, reason, by, at)
    except IntegrityError:
        raise StayChanged(stay) from None


@transaction.atomic
def _reopen(stay: Stay, bed: Bed | None, reason: str, by: Actor, at: datetime) -> Stay:
    check_capacity(stay.ward)
    if Stay.objects.filter(patient=stay.patient_id, pk__gt=stay.pk).exists():
        raise StayChanged(stay)
    reopened = change(
        StayEvent.Action.REOPEN,
        stay,
        by,
        at,
        status=StayStatus.ACTIVE,
        discharged_at=None,
        bed=bed,
        after=str(bed or "No bed assigned"),
        reason=reason,
    )
    legal_status_set.send(Stay, stay_id=stay.pk, at=at)
    stay_reopened.send(Stay, stay_id=stay.pk, by=by, at=at)
    return reopened


def _bed_if_free(stay: Stay) -> Bed | None:
    """Return the bed that the patient had, if it is in use and nobody stays in it."""
    return Bed.objects.on(stay.ward).free().filter(stays=stay).first()
