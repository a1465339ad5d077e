"""Patients on wards, and work for them."""

from datetime import date, time
from typing import Any

from tasks.models import Category, Task
from tasks.patient_work import add_appointment, add_patient_task
from tests.factories import TODAY, PatientFactory
from wards import admissions
from wards.actors import Actor, Source
from wards.models import Bed, LegalStatus, Patient, Stay, Ward

CLERK = Actor("A clerk", Source.JOB)


def detained_on(ward: Ward, status: LegalStatus, since: date, **more: Any) -> Stay:
    """Return the stay of a new patient who is on `ward` under a section."""
    return admissions.admit(
        patient=PatientFactory.create(),
        ward=ward,
        by=CLERK,
        legal_status=status,
        legal_status_since=since,
        **more,
    )


def patient_on(ward: Ward, *, bed: Bed | None = None, **fields: Any) -> Patient:
    """Return a new patient who stays on `ward`."""
    patient = PatientFactory.create(**fields)
    admissions.admit(patient=patient, ward=ward, bed=bed, by=CLERK)
    return patient


def phone_call(patient: Patient, by: Actor = CLERK, **facts: Any) -> Task:
    """Return a new patient task, due TODAY."""
    said = {"category": Category.PHONE_CALL, "title": "Phone his sister", "due_on": TODAY, **facts}
    return add_patient_task(patient=patient, by=by, **said)


def tribunal(patient: Patient, by: Actor = CLERK, **facts: Any) -> Task:
    """Return a new appointment, TODAY at ten."""
    said = {"title": "Tribunal", "due_on": TODAY, "time": time(10), **facts}
    return add_appointment(patient=patient, by=by, **said)
