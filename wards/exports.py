"""Patients and stays as tables, for whoever runs their wards."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.timezone import localtime

from audit.events import record
from wards.actors import Actor
from wards.import_rows import COLUMNS
from wards.models import Stay, Ward

Row = list[str]

OF_A_STAY = {"status": "Status", "admitted_at": "Admitted", "discharged_at": "Discharged"}

OWN_WORDS: dict[str, Callable[[Stay], str]] = {
    "sex": lambda stay: stay.patient.get_sex_display(),
    "alerts": lambda stay: "; ".join(alert.name for alert in stay.patient.alerts.all()),
    "legal_status": lambda stay: stay.get_legal_status_display(),
    "status": lambda stay: stay.get_status_display(),
    "named_nurse": lambda stay: stay.named_nurse.name if stay.named_nurse else "",
    "admitted": lambda stay: _as_text(localtime(stay.admitted_at).date()),
}
"""What is not written as it is kept."""


def patients_on(wards: QuerySet[Ward], *, by: Actor) -> list[Row]:
    """Return who is on `wards` now, in the columns that an import takes."""
    stays = _read(Stay.objects.open().filter(ward__in=wards))
    _record("patients.export", stays, by)
    return [list(COLUMNS.values()), *([_cell(stay, name) for name in COLUMNS] for stay in stays)]


def stays_on(wards: QuerySet[Ward], *, by: Actor) -> list[Row]:
    """Return every stay that `wards` keep, also those that have ended."""
    stays = _read(Stay.objects.filter(ward__in=wards))
    _record("stays.export", stays, by)
    names = [name for name in COLUMNS if name != "admitted"] + list(OF_A_STAY)
    headings = COLUMNS | OF_A_STAY
    return [
        [headings[name] for name in names],
        *([_cell(stay, name) for name in names] for stay in stays),
    ]


def _read(stays: QuerySet[Stay]) -> list[Stay]:
    whole = stays.select_related("patient", "ward", "bed__room", "named_nurse")
    in_order = whole.order_by("ward__name", "patient__surname", "patient__first_name", "pk")
    return list(in_order.prefetch_related("patient__alerts"))


def _record(action: str, stays: Iterable[Stay], by: Actor) -> None:
    patients = [stay.patient_id for stay in stays]
    record(by=by, action=action, detail={"count": len(patients), "patients": patients})


def _cell(stay: Stay, name: str) -> str:
    if stay.ward.hides(name):
        return ""
    if name in OWN_WORDS:
        return OWN_WORDS[name](stay)
    return _as_text(getattr(stay if hasattr(stay, name) else stay.patient, name))


def _as_text(value: object) -> str:
    match value:
        case datetime():
            return f"{localtime(value):%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
    return str(value or "")
