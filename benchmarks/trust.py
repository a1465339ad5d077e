"""An invented trust: wards with their people, their recurring work and all who ever stayed there.

The first wards and their last month are alike, but for row numbers, in a trust of any size.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from benchmarks.rows import Rows
from demo.chance import chance_for
from demo.guides import create_guides
from demo.work import create_templates
from systmone.simulator.fiction.names import FEMALE_NAMES, SURNAMES
from systmone.simulator.fiction.patients import synthetic_nhs_numbers
from tasks.models import TaskTemplate
from tasks.shifts import local, local_date
from wards.actors import Source
from wards.models import (
    Alert,
    Bed,
    LegalStatus,
    Membership,
    Patient,
    Room,
    Sex,
    Stay,
    StayEvent,
    StayStatus,
    User,
    Ward,
)

PATIENTS = 25  # on a ward, always
NURSES = 12
STAY = 30  # days: patients come and leave a month at a time
NO_PASSWORD = make_password(None)
ALERTS = ("Falls", "Allergy", "Ligature risk", "Observation 1:1", "Diabetes", "Interpreter needed")


@dataclass
class LivedWard:
    """A ward, who works there, and who stayed there, by month, the present one first."""

    number: int
    ward: Ward
    nurses: list[User]
    stays: list[list[Stay]] = field(default_factory=list)
    templates: list[TaskTemplate] = field(default_factory=list)

    def stays_on(self, days_back: int) -> list[Stay]:
        """Return who stays there so many days before today; a day to come counts below zero."""
        return self.stays[max(0, days_back - 1) // STAY]

    def chance(self, *about: object) -> Random:
        """Return the dice for one thing on this ward, the same in a trust of any size."""
        return chance_for("benchmark", self.number, *about)


@dataclass(frozen=True)
class Month:
    """When everybody of so many months back came, and left; nobody has left in the present one."""

    now: datetime
    months_back: int

    @property
    def first(self) -> datetime:
        return self.now - timedelta(days=(self.months_back + 1) * STAY)

    @property
    def last(self) -> datetime | None:
        return self.now - timedelta(days=self.months_back * STAY) if self.months_back else None


def found_trust(rows: Rows, *, wards: int, days: int, now: datetime) -> list[LivedWard]:
    """Store `wards` full wards, and who stayed there in the last `days`."""
    for name in ALERTS:
        rows.add(Alert(name=name))
    numbers = iter(
        synthetic_nhs_numbers(chance_for("NHS numbers"), wards * PATIENTS * (days // STAY + 1))
    )
    lived = [_ward(rows, number) for number in range(wards)]
    for months_back in range((days - 1) // STAY + 1):
        month = Month(now, months_back)
        for one in lived:
            one.stays.append(
                [
                    _stay(
                        rows,
                        one,
                        place,
                        _patient(rows, one.chance(months_back, place), numbers),
                        month,
                    )
                    for place in range(PATIENTS)
                ]
            )
    rows.store()
    create_guides()
    first_day = local_date(now) - timedelta(days=days)
    create_templates([one.ward for one in lived], active_from=first_day)
    for template in TaskTemplate.objects.select_related("ward").order_by("pk"):
        lived[template.ward_id - 1].templates.append(template)
    return lived


def _ward(rows: Rows, number: int) -> LivedWard:
    name = f"Ward {number + 1}"
    ward = rows.add(Ward(name=name, slug=f"ward-{number + 1}", capacity=PATIENTS))
    nurses = [
        rows.add(
            User(
                name=f"Nurse {place + 1} of {name}",
                email=f"nurse{place}.ward{number}@example.nhs.uk",
                staff_id=f"NHS{number:03}{place:03}",
                password=NO_PASSWORD,
                joined_at=local(date(2020, 1, 1), time(9)),
            )
        )
        for place in range(NURSES)
    ]
    for nurse in nurses:
        rows.add(Membership(user=nurse, ward=ward))
    for place in range(PATIENTS):
        room = rows.add(Room(ward=ward, name=f"Room {place + 1:02}"))
        rows.add(Bed(pk=room.pk, room=room, name="1"))
    return LivedWard(number, ward, nurses)


def _patient(rows: Rows, chance: Random, numbers: Iterator[str]) -> Patient:
    patient = rows.add(
        Patient(
            first_name=chance.choice(FEMALE_NAMES),
            surname=chance.choice(SURNAMES),
            date_of_birth=date(1950 + chance.randrange(50), chance.randint(1, 12), 1),
            sex=Sex.FEMALE,
            nhs_number=next(numbers),
        )
    )
    for alert_id in chance.sample(range(1, len(ALERTS) + 1), chance.randrange(3)):
        rows.add(Patient.alerts.through(patient_id=patient.pk, alert_id=alert_id))
    return patient


def _stay(rows: Rows, lived: LivedWard, place: int, patient: Patient, month: Month) -> Stay:
    nurse = lived.nurses[place % NURSES]
    is_detained = place % 3 > 0
    stay = rows.add(
        Stay(
            patient=patient,
            ward=lived.ward,
            bed_id=lived.number * PATIENTS + place + 1,
            status=StayStatus.DISCHARGED if month.last else StayStatus.ACTIVE,
            legal_status=LegalStatus.SECTION_2 if is_detained else LegalStatus.INFORMAL,
            legal_status_since=local_date(month.first) if is_detained else None,
            named_nurse=nurse,
            consultant="Dr Leila Rahimi",
            admitted_at=month.first,
            discharged_at=month.last,
        )
    )
    rows.add(_event(stay, StayEvent.Action.ADMIT, month.first, nurse))
    if month.last:
        rows.add(_event(stay, StayEvent.Action.DISCHARGE, month.last, nurse))
    return stay


def _event(stay: Stay, action: StayEvent.Action, at: datetime, by: User) -> StayEvent:
    return StayEvent(
        stay=stay, at=at, action=action, by=by, by_name=by.name, source=Source.WEB, after="Bed 1"
    )
