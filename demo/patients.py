"""The demo's patients: those of the simulated SystmOne, on the Hub's wards; Max and Max+ only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from demo.audits import DEMO
from demo.chance import chance_for
from demo.legal_work import choose_times, explain_rights, live_legal_work
from demo.note_templates import create_note_templates
from demo.patient_work import create_patient_work, create_work_before_absence
from demo.people import STAFF_NURSE
from systmone.simulator.documents import Element
from systmone.simulator.fiction.unit import fictional_unit
from tasks.shifts import local_date
from wards import admissions, leave
from wards.access import people_with_access_to
from wards.features import Feature, feature_available
from wards.models import Alert, Bed, LegalStatus, Patient, Room, Stay, User, Ward

SYSTMONE_SEED = 1  # the simulator's own
PATIENTS = 20  # on each ward
BEDS_IN_THE_BAY = 4
LONGEST_SECTION_2 = 25  # days
CONSULTANTS = ("Dr Leila Rahimi", "Dr Peter Lindqvist", "Dr Ngozi Eze")
ALERTS = ("Falls", "Allergy", "Ligature risk", "Observation 1:1", "Diabetes", "Interpreter needed")
LEGAL_STATUSES = (
    *[LegalStatus.INFORMAL] * 6,
    *[LegalStatus.SECTION_2] * 6,
    *[LegalStatus.SECTION_3] * 6,
    LegalStatus.SECTION_5_2,
    LegalStatus.SECTION_37_41,
)
WAITS_FOR_A_BED, IS_ABSENT, ON_LEAVE = 19, 11, (4, 15)
"""Places on a ward, counted from 0, of those with whom something is different."""


@dataclass(frozen=True)
class Admission:
    """What decides how one patient is admitted: where, when it is now, and chance."""

    ward: Ward
    nurses: Sequence[User]
    now: datetime
    chance: Random


def create_patients(*, now: datetime, on_each_ward: int = PATIENTS) -> None:
    """Admit so many on each ward, once, where this tier holds patients."""
    if not feature_available(Feature.PATIENTS) or Stay.objects.exists():
        return
    alerts = [Alert.objects.get_or_create(name=name)[0] for name in ALERTS]
    unit = fictional_unit(SYSTMONE_SEED, local_date(now))
    choose_times()
    create_note_templates()
    for ward in Ward.objects.all():
        beds = [*_create_beds(ward)]
        nurses = [*people_with_access_to(ward).filter(job_title=STAFF_NURSE)]
        for place, known in enumerate(_known_to_systmone(unit, ward)[:on_each_ward]):
            admission = Admission(ward, nurses, now, chance_for("patient", ward, place))
            bed = beds[place] if place != WAITS_FOR_A_BED else None
            stay = _admit(admission, known, bed)
            stay.patient.alerts.set(admission.chance.sample(alerts, place % 3))
            _go_away(stay, place, now)
    create_patient_work(now=now)
    live_legal_work(now=now)


def _create_beds(ward: Ward) -> Iterator[Bed]:
    """Single rooms, and a bay with several beds."""
    for number in range(1, ward.capacity - BEDS_IN_THE_BAY + 1):
        room = Room.objects.create(ward=ward, name=f"Room {number:02}")
        yield Bed.objects.create(room=room, name="1")
    bay = Room.objects.create(ward=ward, name="Willow Bay")
    for number in range(1, BEDS_IN_THE_BAY + 1):
        yield Bed.objects.create(room=bay, name=str(number))


def _known_to_systmone(unit: Element, ward: Ward) -> list[Element]:
    return [patient for patient in unit.iter("Patient") if patient.get("ward") == ward.name]


def _admit(admission: Admission, known: Element, bed: Bed | None) -> Stay:
    chance = admission.chance
    legal_status = chance.choice(LEGAL_STATUSES)
    days = 1 if legal_status is LegalStatus.SECTION_5_2 else chance.randint(2, 75)
    at = admission.now - timedelta(days=days, minutes=chance.randint(0, 600))
    is_detained = legal_status is not LegalStatus.INFORMAL
    stay = admissions.admit(
        patient=_patient(known),
        ward=admission.ward,
        bed=bed,
        by=DEMO,
        legal_status=legal_status,
        legal_status_since=local_date(at) if is_detained else None,
        named_nurse=chance.choice(admission.nurses) if admission.nurses else None,
        consultant=chance.choice(CONSULTANTS),
        expected_discharge_on=local_date(admission.now) + timedelta(days=chance.randint(1, 40)),
        at=at,
    )
    if legal_status is LegalStatus.SECTION_2 and days > LONGEST_SECTION_2:
        return _change_to_section_3(stay, at + timedelta(days=LONGEST_SECTION_2))
    return stay


def _change_to_section_3(stay: Stay, at: datetime) -> Stay:
    """A section of four weeks is over by now; before its end it was changed to the longer one."""
    explain_rights(stay, now=at)
    return admissions.edit(
        stay=stay,
        by=DEMO,
        legal_status=LegalStatus.SECTION_3,
        legal_status_since=local_date(at),
        at=at,
    )


def _patient(known: Element) -> Patient:
    def said(path: str) -> str:
        return known.findtext(path, default="")

    return Patient(
        first_name=said("Demographics/FirstName"),
        surname=said("Demographics/Surname"),
        preferred_name=said("Demographics/KnownAs"),
        date_of_birth=date.fromisoformat(said("Demographics/DateOfBirth")),
        sex=said("Demographics/Sex"),
        nhs_number=said("Identity/NHSNumber"),
        pseudo_number=said("Identity/PseudoNumber"),
    )


def _go_away(stay: Stay, place: int, now: datetime) -> None:
    if place in ON_LEAVE:
        leave.go_on_leave(stay=stay, by=DEMO, reason="Overnight", at=now - timedelta(hours=20))
    if place == IS_ABSENT and stay.ward.name == "Keats":
        create_work_before_absence(stay, now=now)
        reason = "Not back from the garden"
        leave.be_absent(stay=stay, by=DEMO, reason=reason, at=now - timedelta(hours=2))
