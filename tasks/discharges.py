"""With a discharge, what was still to do for the patient is called off."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from tasks import actions
from tasks.models import Task
from wards.actors import Actor
from wards.models import Stay
from wards.signals import discharge_confirmed

REASON = "The patient was discharged."


@receiver(discharge_confirmed)
def call_off_open_work(stay_id: int, by: Actor, at: datetime, **_: Any) -> None:
    """Cancel the patient's open tasks, in the transaction of the discharge, which holds the stay.

    So nobody else changes these tasks meanwhile (see `tasks.patients.hold_stay`).
    """
    stay = Stay.objects.get(pk=stay_id)
    for task in Task.objects.open().filter(patient=stay.patient_id).order_by("pk"):
        actions.cancel(task=task, by=by, reason=REASON, at=at)
