"""Work for single patients: what is added and changed by hand, in Max and Max+.

Each function is one transaction: the change, the task's event, the audit event. The ward of the
work is the ward of the patient's open stay.
"""

from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from library.models import Guide
from tasks.actions import write_history
from tasks.models import Category, DayPart, Kind, Priority, Task
from tasks.patients import hold_stay
from tasks.pauses import ABSENT, paused_among
from tasks.transitions import Action
from wards.access import has_role_on
from wards.actors import Actor
from wards.features import Feature, check_available
from wards.models import Patient, Ward


class NotOnAWard(Exception):
    """The patient has no open stay on a ward that the person may see; nothing was added."""

    def __init__(self, patient: Patient) -> None:
        self.patient = patient
        super().__init__(f"{patient} is on no ward that the person may see")


def add_patient_task(
    *,
    patient: Patient,
    category: Category,
    title: str,
    due_on: date,
    by: Actor,
    instructions: str = "",
    priority: Priority = Priority.ROUTINE,
    carry_over: bool = False,
) -> Task:
    """Add a task for `patient`, due on a day. Raises NotOnAWard."""
    return _add(
        patient,
        by,
        kind=Kind.PATIENT,
        category=category,
        title=title,
        due_on=due_on,
        instructions=instructions,
        priority=priority,
        carry_over=carry_over,
    )


def add_appointment(
    *,
    patient: Patient,
    title: str,
    due_on: date,
    by: Actor,
    time: time | None = None,
    day_part: DayPart | None = None,
    place: str = "",
    attendees: str = "",
    instructions: str = "",
    guide: Guide | None = None,
) -> Task:
    """Add an appointment of `patient` at `time`, or in a half of the day. Raises NotOnAWard."""
    return _add(
        patient,
        by,
        kind=Kind.APPOINTMENT,
        title=title,
        due_on=due_on,
        time=time,
        day_part=day_part or "",
        place=place,
        attendees=attendees,
        instructions=instructions,
        guide=guide,
    )


@transaction.atomic
def _add(patient: Patient, by: Actor, **facts: Any) -> Task:
    now = timezone.now()
    task = Task.objects.create(ward=_ward_of(patient, by), patient=patient, **facts)
    write_history(task, Action.CREATE, by, now)
    if paused_among([task]):
        write_history(task, Action.PAUSE, by, now, reason=ABSENT)
    return task


def _ward_of(patient: Patient, by: Actor) -> Ward:
    check_available(Feature.PATIENTS)
    stay = hold_stay(patient.pk)
    if stay is None or (by.user is not None and not has_role_on(by.user, stay.ward)):
        raise NotOnAWard(patient)
    return stay.ward
