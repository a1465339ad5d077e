"""Taking a patient into the ward's care, and keeping what is known of them right."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from wards import queries
from wards.actors import Actor
from wards.features import Feature, check_available
from wards.models import Alert, Bed, LegalStatus, Patient, Stay, StayEvent, User, Ward
from wards.signals import legal_status_set
from wards.stays import BedTaken, change, check_bed, check_capacity, write_down

PATIENT_FIELDS = (
    "first_name",
    "surname",
    "preferred_name",
    "date_of_birth",
    "sex",
    "nhs_number",
    "pseudo_number",
)

LEGAL_STATUS = {"legal_status", "legal_status_since"}


class PatientKnown(Exception):
    """A patient with this NHS number or pseudo-number is in the Hub; nothing was merged."""

    def __init__(self, patient: Patient) -> None:
        self.patient = patient
        super().__init__(f"{patient} has this number")


class AlreadyAdmitted(Exception):
    """The patient is on a ward already; `stay` is that stay."""

    def __init__(self, stay: Stay) -> None:
        self.stay = stay
        super().__init__(f"{stay.patient} is on a ward already")


def admit(
    *,
    patient: Patient,
    ward: Ward,
    by: Actor,
    bed: Bed | None = None,
    legal_status: LegalStatus = LegalStatus.INFORMAL,
    legal_status_since: date | None = None,
    named_nurse: User | None = None,
    consultant: str = "",
    expected_discharge_on: date | None = None,
    alerts: Iterable[Alert] = (),
    admitted_at: datetime | None = None,
    at: datetime | None = None,
) -> Stay:
    """Begin a stay of `patient`, who is saved first if new, on `ward`, without a bed if need be.

    `alerts` are added to those that the patient has; `admitted_at` is of somebody who was on the
    ward before the Hub knew it. Announces `legal_status_set`.
    Raises NotInThisTier, AlreadyAdmitted, PatientKnown, BedTaken or WardFull; then nothing has
    changed, and a new patient is not kept.
    """
    check_available(Feature.PATIENTS)
    at = at or timezone.now()
    try:
        with transaction.atomic():
            check_capacity(ward)
            check_bed(bed, ward)
            if patient.pk is None:
                patient.save()
            stay = Stay.objects.create(
                patient=patient,
                ward=ward,
                bed=bed,
                legal_status=legal_status,
                legal_status_since=legal_status_since,
                named_nurse=named_nurse,
                consultant=consultant,
                expected_discharge_on=expected_discharge_on,
                admitted_at=admitted_at or at,
            )
            patient.alerts.add(*alerts)
            write_down(StayEvent.Action.ADMIT, stay, by, at, after=f"{ward}, {stay.place}")
            legal_status_set.send(Stay, stay_id=stay.pk, at=at)
            return stay
    except IntegrityError:
        raise _why_not(patient, bed) from None


def admit_again(
    *, patient: Patient, ward: Ward, by: Actor, details: Mapping[str, Any], **facts: Any
) -> Stay:
    """Begin a stay of a patient whom the Hub knows, and set their `details` as `edit` does.

    `facts` are those that `admit` takes. Raises what `admit` raises; then nothing has changed.
    """
    try:
        with transaction.atomic():
            stay = admit(patient=patient, ward=ward, by=by, **facts)
            return edit(stay=stay, by=by, **details)
    except IntegrityError:  # a number became somebody else's at this very moment
        numbers = {name: details.get(name, "") for name in ("nhs_number", "pseudo_number")}
        raise _why_not(Patient(**numbers), None) from None


def edit(*, stay: Stay, by: Actor, at: datetime | None = None, **fields: Any) -> Stay:
    """Set `fields` of the stay and of its patient, named as the models name them.

    The audit log keeps which fields changed, the timeline a new legal status, which is announced as
    `legal_status_set`; where nothing differs, nothing happens. Raises StayChanged, or
    IntegrityError where the NHS number became somebody else's meanwhile.
    """
    at = at or timezone.now()
    differing = _differing(stay, fields)
    if not differing:
        return stay
    alerts = fields.pop("alerts", None)
    of_patient = {name: fields.pop(name) for name in PATIENT_FIELDS if name in fields}
    status = LegalStatus(fields.get("legal_status", stay.legal_status))
    statuses = (stay.get_legal_status_display(), status.label)
    before, after = statuses if statuses[0] != statuses[1] else ("", "")
    detail = {"fields": differing}
    with transaction.atomic():
        changed = change(
            StayEvent.Action.EDIT,
            stay,
            by,
            at,
            before=before,
            after=after,
            detail=detail,
            **fields,
        )
        Patient.objects.filter(pk=stay.patient_id).update(**of_patient)
        if alerts is not None:
            changed.patient.alerts.set(alerts)
        changed.patient.refresh_from_db()
        if LEGAL_STATUS & {*differing}:
            legal_status_set.send(Stay, stay_id=changed.pk, at=at)
        return changed


def _differing(stay: Stay, fields: Mapping[str, Any]) -> list[str]:
    """Return the names of `fields` that differ from what the stay and its patient say."""
    differing = []
    for name, value in fields.items():
        if name == "alerts":
            is_same = set(stay.patient.alerts.all()) == set(value)
        else:
            is_same = getattr(stay.patient if name in PATIENT_FIELDS else stay, name) == value
        if not is_same:
            differing.append(name)
    return differing


def _why_not(patient: Patient, bed: Bed | None) -> Exception:
    """Return which of the database's rules somebody else was faster to use."""
    known = queries.patients_with(patient.nhs_number, patient.pseudo_number)
    of = known[0] if known and not patient.pk else patient
    stay = Stay.objects.open().filter(patient_id=of.pk).first() if of.pk else None
    if stay is not None:
        return AlreadyAdmitted(stay)
    if of.pk != patient.pk:
        return PatientKnown(of)
    return BedTaken(bed) if bed else RuntimeError("the admission broke a rule of the database")
