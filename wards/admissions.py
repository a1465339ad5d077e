"""Taking a patient into the ward's care, and keeping what is known of them right."""

from collections.abc import Iterable, Mapping, Sequence
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

NUMBERS = ("nhs_number", "pseudo_number")

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


def admit(*, by: Actor, at: datetime | None = None, **facts: Any) -> Stay:
    """Begin a stay with `facts`, those of `_begin`: a patient, a ward, and what is known of both.

    A new patient is saved first. Announces `legal_status_set`.
    Raises NotInThisTier, AlreadyAdmitted, PatientKnown, BedTaken or WardFull; then nothing has
    changed, and a new patient is not kept.
    """
    return admit_all(admissions=[facts], by=by, at=at)[0]


@transaction.atomic
def admit_all(
    *, admissions: Sequence[Mapping[str, Any]], by: Actor, at: datetime | None = None
) -> list[Stay]:
    """Begin several stays, each as `admit` does: all of them, or none. Raises what `admit` raises.

    All are there before the first is written down: who writes to the audit log holds it, and must
    not then wait for a bed or number that somebody takes who waits for the log.
    """
    check_available(Feature.PATIENTS)
    at = at or timezone.now()
    # In one order, for two files may name the same patients.
    in_order = sorted(admissions, key=lambda facts: _numbers_of(facts["patient"]))
    stays = [_begin(at=at, **facts) for facts in in_order]
    for stay in stays:
        place = f"{stay.ward}, {stay.place}"
        write_down(StayEvent.Action.ADMIT, stay, by, at, after=place)
    for stay in stays:
        legal_status_set.send(Stay, stay_id=stay.pk, at=at)
    return stays


def _numbers_of(patient: Patient) -> list[str]:
    return [getattr(patient, name) for name in NUMBERS]


def _begin(
    *,
    patient: Patient,
    ward: Ward,
    at: datetime,
    bed: Bed | None = None,
    legal_status: LegalStatus = LegalStatus.INFORMAL,
    legal_status_since: date | None = None,
    named_nurse: User | None = None,
    consultant: str = "",
    expected_discharge_on: date | None = None,
    alerts: Iterable[Alert] = (),
    admitted_at: datetime | None = None,
) -> Stay:
    """Keep a new stay on `ward`, without a bed if need be.

    `alerts` are added to those that the patient has; `admitted_at` is of somebody who was on the
    ward before the Hub knew it.
    """
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
    except PatientKnown as known:  # a number became theirs at this very moment
        elsewhere = Stay.objects.open().filter(patient=known.patient).first()
        raise (AlreadyAdmitted(elsewhere) if elsewhere else known) from None


def edit(*, stay: Stay, by: Actor, at: datetime | None = None, **fields: Any) -> Stay:
    """Set `fields` of the stay and of its patient, named as the models name them.

    The audit log keeps which fields changed, the timeline a new legal status, which is announced as
    `legal_status_set`; where nothing differs, nothing happens. Raises StayChanged, or
    PatientKnown where a number became somebody else's meanwhile; then nothing has changed.
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
        _set_details(stay.patient, of_patient, alerts)
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
        if LEGAL_STATUS & {*differing}:
            legal_status_set.send(Stay, stay_id=changed.pk, at=at)
        return changed


def _set_details(
    patient: Patient, details: Mapping[str, Any], alerts: Iterable[Alert] | None
) -> None:
    try:
        with transaction.atomic():
            Patient.objects.filter(pk=patient.pk).update(**details)
    except IntegrityError:
        having = queries.patients_with(*(details.get(name, "") for name in NUMBERS))
        raise PatientKnown(next(one for one in having if one.pk != patient.pk)) from None
    if alerts is not None:
        patient.alerts.set(alerts)


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
