"""How a stay changes: one way for all actions, and the errors that they share.

Every action is one transaction: the change, guarded by the version that the caller saw, its event
on the patient's timeline, and the audit event.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from audit.events import record
from wards.actors import Actor
from wards.models import Bed, Stay, StayEvent, StayStatus, Ward


class StayChanged(Exception):
    """The stay is not as the caller saw it; `current` is the stay as it stands."""

    def __init__(self, stay: Stay) -> None:
        self.current = Stay.objects.select_related("ward", "bed__room").get(pk=stay.pk)
        super().__init__(f"{self.current} has changed")


class BedTaken(Exception):
    """Somebody is in the bed, or it is out of use or on another ward."""

    def __init__(self, bed: Bed) -> None:
        self.bed = bed
        super().__init__(f"{bed} is not free")


class WardFull(Exception):
    """The ward has as many patients as its capacity."""

    def __init__(self, ward: Ward) -> None:
        self.ward = ward
        super().__init__(f"{ward} is full")


# fmt: off
ALLOWED = {
    StayEvent.Action.EDIT:       {StayStatus.ACTIVE, StayStatus.ON_LEAVE, StayStatus.ABSENT,
                                  StayStatus.PENDING_DISCHARGE},
    StayEvent.Action.MOVE:       {StayStatus.ACTIVE, StayStatus.ON_LEAVE, StayStatus.ABSENT,
                                  StayStatus.PENDING_DISCHARGE},
    StayEvent.Action.TRANSFER:   {StayStatus.ACTIVE, StayStatus.ON_LEAVE},
    StayEvent.Action.LEAVE:      {StayStatus.ACTIVE},
    StayEvent.Action.ABSENT:     {StayStatus.ACTIVE, StayStatus.ON_LEAVE,
                                  StayStatus.PENDING_DISCHARGE},
    StayEvent.Action.RETURN:     {StayStatus.ON_LEAVE, StayStatus.ABSENT},
    StayEvent.Action.NOT_ABSENT: {StayStatus.ABSENT},
    StayEvent.Action.START_DISCHARGE: {StayStatus.ACTIVE, StayStatus.ON_LEAVE},
    StayEvent.Action.SEND_BACK:  {StayStatus.PENDING_DISCHARGE},
    StayEvent.Action.DISCHARGE:  {StayStatus.PENDING_DISCHARGE},
    StayEvent.Action.REOPEN:     {StayStatus.DISCHARGED},
}
# fmt: on
"""From which statuses an action is possible."""


def is_allowed(action: StayEvent.Action, stay: Stay) -> bool:
    """Say whether `action` is possible in the stay's status."""
    return StayStatus(stay.status) in ALLOWED[action]


def change(
    action: StayEvent.Action,
    stay: Stay,
    by: Actor,
    at: datetime,
    *,
    before: str = "",
    after: str = "",
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Stay:
    """Set `fields` of `stay`, and write down what happened, in the caller's transaction.

    Raises StayChanged where the stay is not as the caller saw it or does not allow the action.
    """
    if not is_allowed(action, stay):
        raise StayChanged(stay)
    unchanged = Stay.objects.filter(pk=stay.pk, version=stay.version)
    if unchanged.update(**fields, version=F("version") + 1) != 1:
        raise StayChanged(stay)
    fresh = Stay.objects.select_related("ward", "patient", "bed__room").get(pk=stay.pk)
    write_down(action, fresh, by, at, before=before, after=after, reason=reason, detail=detail)
    return fresh


def write_down(
    action: StayEvent.Action,
    stay: Stay,
    by: Actor,
    at: datetime,
    *,
    before: str = "",
    after: str = "",
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add an event to the patient's timeline and, with `detail`, to the audit log."""
    StayEvent.objects.create(
        stay=stay,
        at=at,
        action=action,
        by=by.user,
        by_name=by.name,
        source=by.source,
        before=before,
        after=after,
        reason=reason,
    )
    record(
        by=by,
        action=f"stay.{action}",
        object_type="patient",
        object_id=str(stay.patient_id),
        ward=stay.ward.name,
        detail=detail,
        at=at,
    )


def check_bed(bed: Bed | None, ward: Ward, *, for_stay: Stay | None = None) -> None:
    """Raise BedTaken unless `bed` is a free one of `ward`, or the stay's own.

    The database holds it too: of two who take a bed at once, the second gets an IntegrityError.
    """
    if bed is None or (for_stay is not None and bed.pk == for_stay.bed_id):
        return
    if not Bed.objects.on(ward).free().filter(pk=bed.pk).exists():
        raise BedTaken(bed)


def check_capacity(ward: Ward) -> None:
    """Raise WardFull if `ward` cannot take one more; holds the ward's row until the end.

    Call it first in the transaction, so that two who take the last place wait for each other. It
    leaves the ward's key alone, which everybody who writes about the ward refers to.
    """
    locked = Ward.objects.select_for_update(no_key=True).get(pk=ward.pk)
    if Stay.objects.open().filter(ward=locked).count() >= locked.capacity:
        raise WardFull(locked)
