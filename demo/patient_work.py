"""What is to do for the demo's patients: tasks and appointments around today."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from demo.audits import DEMO
from demo.chance import chance_for
from tasks import patient_work
from tasks.models import Category, DayPart, Priority
from tasks.shifts import local_date
from wards.models import Stay, StayStatus


@dataclass(frozen=True)
class Work:
    """A patient task as wards have them."""

    title: str
    category: Category
    priority: Priority = Priority.ROUTINE
    carry_over: bool = True


@dataclass(frozen=True)
class Meeting:
    """An appointment as wards have them; without a time it is some time in the morning."""

    title: str
    at: time | None
    place: str
    attendees: str = ""


WORK = (
    Work("Phone the family", Category.FAMILY_CONTACT),
    Work("Write the tribunal report", Category.DOCUMENTATION, Priority.IMPORTANT),
    Work("Update the risk assessment", Category.ASSESSMENT, Priority.IMPORTANT),
    Work("Refer to the community team", Category.REFERRAL),
    Work("Ring the GP about medication", Category.PHONE_CALL),
    Work("Arrange the discharge meeting", Category.DISCHARGE_PLANNING),
    Work("Repeat bloods", Category.MEDICAL_REVIEW, Priority.URGENT),
)
MEETINGS = (
    Meeting("Ward round", time(10, 30), "Meeting room", "Consultant, named nurse"),
    Meeting("Psychology", time(14, 0), "Therapy room 2"),
    Meeting("Family meeting", time(16, 15), "Family room", "Sister"),
    Meeting("Dentist", None, "Outpatients"),
)
EVERY_SECOND, EVERY_FIFTH = 2, 5


def create_patient_work(*, now: datetime) -> None:
    """Add tasks and appointments for patients who are on their ward."""
    today = local_date(now)
    stays = Stay.objects.filter(status=StayStatus.ACTIVE).select_related("patient")
    for place, stay in enumerate(stays.order_by("pk")):
        chance = chance_for("work", stay.pk)
        if place % EVERY_SECOND == 0:
            work = chance.choice(WORK)
            patient_work.add_patient_task(
                patient=stay.patient,
                category=work.category,
                title=work.title,
                due_on=today + timedelta(days=chance.choice((-1, 0, 0, 0, 1, 2))),
                by=DEMO,
                priority=work.priority,
                carry_over=work.carry_over,
            )
        if place % EVERY_FIFTH == 0:
            meeting = chance.choice(MEETINGS)
            patient_work.add_appointment(
                patient=stay.patient,
                title=meeting.title,
                due_on=today + timedelta(days=chance.choice((0, 0, 1))),
                by=DEMO,
                time=meeting.at,
                day_part=None if meeting.at else DayPart.MORNING,
                place=meeting.place,
                attendees=meeting.attendees,
            )


def create_work_before_absence(stay: Stay, *, now: datetime) -> None:
    """Add work for somebody who will be absent: one task that waits, and one that does not."""
    for title, category in (
        ("Repeat bloods", Category.MEDICAL_REVIEW),
        ("Phone the family", Category.FAMILY_CONTACT),
    ):
        task = patient_work.add_patient_task(
            patient=stay.patient,
            category=category,
            title=title,
            due_on=local_date(now),
            by=DEMO,
            carry_over=True,
        )
        task.events.update(at=now - timedelta(hours=20))
