"""Moving patients: to another bed, between two beds, to another ward."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from wards.actors import Actor
from wards.models import Bed, Stay, StayEvent, Ward
from wards.signals import patient_transferred
from wards.stays import BedTaken, StayChanged, change, check_bed, check_capacity


def move(*, stay: Stay, bed: Bed | None, by: Actor, at: datetime | None = None) -> Stay:
    """Move a patient to a free bed of the ward, or to none.

    Raises StayChanged or BedTaken; then nothing has changed.
    """
    at = at or timezone.now()
    try:
        with transaction.atomic():
            check_bed(bed, stay.ward, for_stay=stay)
            return change(
                StayEvent.Action.MOVE,
                stay,
                by,
                at,
                bed=bed,
                before=stay.place,
                after=str(bed) if bed else "No bed assigned",
            )
    except IntegrityError:
        raise BedTaken(_known(bed)) from None


def swap(*, one: Stay, other: Stay, by: Actor, at: datetime | None = None) -> tuple[Stay, Stay]:
    """Let two patients of a ward change beds in one step.

    One of them may have none: then the other has none afterwards, and the board shows it.
    Raises StayChanged where one of them is not as the caller saw it, or not on the ward any more;
    BedTaken where one of the beds is out of use.
    """
    at = at or timezone.now()
    if one.pk == other.pk or one.ward_id != other.ward_id:
        raise StayChanged(other)
    places = one.place, other.place
    beds = one.bed, other.bed
    if closed := next((bed for bed in beds if bed and not bed.is_in_use), None):
        raise BedTaken(closed)
    with transaction.atomic():
        # In one order, so that two who swap the same beds wait for each other.
        both = Stay.objects.select_for_update(no_key=True).filter(pk__in=[one.pk, other.pk])
        list(both.order_by("pk"))
        # A bed holds one patient at any moment, so the first steps out of theirs.
        stepped_out = Stay.objects.filter(pk=one.pk, version=one.version).update(bed=None)
        if stepped_out != 1:
            raise StayChanged(one)
        moved = change(
            StayEvent.Action.MOVE, other, by, at, bed=beds[0], before=places[1], after=places[0]
        )
        return (
            change(
                StayEvent.Action.MOVE, one, by, at, bed=beds[1], before=places[0], after=places[1]
            ),
            moved,
        )


def transfer(
    *,
    stay: Stay,
    to: Ward,
    by: Actor,
    bed: Bed | None = None,
    choices: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Stay:
    """Transfer a patient to another ward, into a free bed of it or none.

    Announces `patient_transferred` with `choices` (see `wards.transfer_choices`), so that the
    patient's open tasks go where they should.
    Raises StayChanged, BedTaken or WardFull; then nothing has changed.
    """
    at = at or timezone.now()
    if to.pk == stay.ward_id:
        raise StayChanged(stay)
    before, after = f"{stay.ward}, {stay.place}", f"{to}, {bed or 'No bed assigned'}"
    place: dict[str, Any] = {"ward": to, "bed": bed, "named_nurse": None}
    try:
        with transaction.atomic():
            check_capacity(to)
            check_bed(bed, to)
            transfer = StayEvent.Action.TRANSFER
            moved = change(transfer, stay, by, at, **place, before=before, after=after)
            patient_transferred.send(
                Stay,
                stay_id=moved.pk,
                from_ward_id=stay.ward_id,
                to_ward_id=to.pk,
                by=by,
                at=at,
                choices=choices or {},
            )
            return moved
    except IntegrityError:
        raise BedTaken(_known(bed)) from None


def _known(bed: Bed | None) -> Bed:
    if bed is None:
        raise RuntimeError("a patient without a bed takes nobody's")
    return bed
