"""Saying who a patient of the Hub is in SystmOne: a person does, by the same number."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from audit.events import record
from systmone.found import Found
from systmone.models import Link
from wards.actors import Actor
from wards.models import Patient, Stay


class NotTheSame(Exception):
    """The two have not the same number, so nobody can say that they are one."""


@transaction.atomic
def link(*, stay: Stay, found: Found, by: Actor, at: datetime | None = None) -> Link:
    """Note that the patient of `stay` is the one whom SystmOne knows as `found`.

    Raises NotTheSame unless both have the same number at this moment.
    """
    if by.user is None:
        raise ValueError("only a person can say who somebody is")
    at = at or timezone.now()
    patient = Patient.objects.select_for_update(no_key=True).get(pk=stay.patient_id)
    if not found.is_(patient):
        raise NotTheSame
    facts = {
        "number": found.number,
        "linked_by": by.user,
        "linked_by_name": by.name,
        "linked_at": at,
        "asked": None,
        "asked_at": None,
        "said": "",
        "said_at": None,
        "set_aside": "",
    }
    linked, _ = Link.objects.update_or_create(patient=patient, defaults=facts)
    _record("systmone.link", stay, by, at)
    return linked


@transaction.atomic
def unlink(*, stay: Stay, by: Actor, at: datetime | None = None) -> None:
    """Take back who the patient of `stay` is in SystmOne, and forget what it said of them."""
    if Link.objects.filter(patient=stay.patient_id).delete()[0]:
        _record("systmone.unlink", stay, by, at or timezone.now())


def link_of(patient_id: int) -> Link | None:
    """Return the patient's link, if there is one that holds."""
    found = Link.objects.select_related("patient", "asked__gateway").filter(patient=patient_id)
    linked = found.first()
    return linked if linked and linked.holds else None


def _record(action: str, stay: Stay, by: Actor, at: datetime) -> None:
    record(
        by=by,
        action=action,
        object_type="patient",
        object_id=str(stay.patient_id),
        ward=stay.ward.name,
        at=at,
    )
