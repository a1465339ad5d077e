"""With a discharge, what was still to do for the patient is called off."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from tasks import actions
from tasks.models import Task
from tasks.models.task import TaskQuerySet
from tasks.words import short_date
from wards.actors import Actor
from wards.consequences import Consequence
from wards.models import Stay
from wards.signals import discharge_confirmed

REASON = "The patient was discharged."


@receiver(discharge_confirmed)
def call_off_open_work(stay_id: int, by: Actor, at: datetime, **_: Any) -> None:
    """Cancel the patient's open tasks, in the transaction of the discharge, which holds the stay.

    So nobody else changes these tasks meanwhile (see `tasks.patients.hold_stay`).
    """
    for task in _open_work_of(Stay.objects.get(pk=stay_id)).order_by("pk"):
        actions.cancel(task=task, by=by, reason=REASON, at=at)


def what_would_be_called_off(stay: Stay) -> Consequence | None:
    """Say which tasks a discharge would cancel, and of which wards they are."""
    things = tuple(
        f"{task.title}, due {short_date(task.due_on)}, {task.ward}"
        for task in _open_work_of(stay).order_by("due_on", "-priority", "title", "pk")
    )
    text = "This work in the diary is called off when the discharge is confirmed:"
    return Consequence(text, things) if things else None


def _open_work_of(stay: Stay) -> TaskQuerySet:
    """Return what is open for the patient, also what a transfer left on another ward."""
    return Task.objects.open().filter(patient=stay.patient_id).select_related("ward")
