"""Admitting the patients of a file, all of them or none, after a check of each row.

Nothing is kept between the two: the page that shows the check carries the rows, signed.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.events import record
from wards import admissions
from wards.actors import Actor
from wards.admissions import AlreadyAdmitted, PatientKnown
from wards.import_check import Checked, Fate, check, run_by
from wards.import_rows import Cells
from wards.models import Stay, User, Ward
from wards.stays import BedTaken, WardFull


class FatesChanged(Exception):
    """The wards are not as they were when the file was checked; nothing was imported."""


@transaction.atomic
def import_patients(
    rows: Mapping[int, Cells], *, shown: Sequence[Checked], by: Actor, user: User
) -> list[Stay]:
    """Admit the patients whose rows say so: all of them, or none.

    Raises FatesChanged where a row would not have the fate that was `shown`.
    """
    at = timezone.now()
    named = {cells.get("ward", "").casefold() for cells in rows.values()}
    wards = [ward.pk for ward in run_by(user) if ward.name.casefold() in named]
    # In one order, and before anything is read of them.
    list(Ward.objects.select_for_update(no_key=True).filter(pk__in=wards).order_by("pk"))
    checked = check(rows, user=user)
    if checked != list(shown):
        raise FatesChanged
    try:
        admitted = [one.admission for one in checked if one.fate == Fate.ADMIT]
        stays = admissions.admit_all(admissions=admitted, by=by, at=at)
    except (AlreadyAdmitted, PatientKnown, BedTaken, WardFull) as error:
        raise FatesChanged from error
    record(by=by, action="patients.import", detail=_counts(checked) | _ids_of(stays), at=at)
    return stays


def record_check(checked: Iterable[Checked], *, by: Actor) -> None:
    """Note in the audit log that a file was checked against the wards' patients."""
    checked = list(checked)
    compared = sorted({pk for one in checked for pk in one.known})
    detail = _counts(checked) | {"patients": compared}
    record(by=by, action="patients.check_import", detail=detail)


def _counts(checked: Iterable[Checked]) -> dict[str, Any]:
    fates = [one.fate.name.lower() for one in checked]
    return {fate: fates.count(fate) for fate in sorted(set(fates))}


def _ids_of(stays: Iterable[Stay]) -> dict[str, Any]:
    stays = list(stays)
    wards = sorted({stay.ward.name for stay in stays})
    return {"patients": [stay.patient_id for stay in stays], "wards": wards}
