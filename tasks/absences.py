"""The histories of tasks tell that they wait for an absent patient, and that they go on.

What waits is told by `tasks.pauses`; here it is said beforehand and written down.
"""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from tasks.actions import write_history
from tasks.models.task import TaskQuerySet
from tasks.pauses import ABSENT, pausing_in_absence
from tasks.transitions import Action
from wards.actors import Actor
from wards.consequences import Consequence
from wards.models import Stay, StayStatus
from wards.signals import patient_absent, patient_returned


@receiver(patient_absent)
def note_pauses(stay_id: int, by: Actor, at: datetime, **_: Any) -> None:
    """Write down which tasks wait from now on, in the transaction of the absence."""
    for task in _tasks_of(Stay.objects.get(pk=stay_id)):
        write_history(task, Action.PAUSE, by, at, reason=ABSENT)


@receiver(patient_returned)
def note_resumption(stay_id: int, by: Actor, at: datetime, **_: Any) -> None:
    """Write down which tasks go on, in the transaction of the return."""
    for task in _tasks_of(Stay.objects.get(pk=stay_id)):
        write_history(task, Action.RESUME, by, at)


def what_would_pause(stay: Stay) -> Consequence | None:
    """Say which tasks an absence would pause."""
    return _told("These tasks pause until the patient is back:", stay)


def what_would_resume(stay: Stay) -> Consequence | None:
    """Say which tasks go on when an absent patient is back."""
    if stay.status != StayStatus.ABSENT:
        return None
    return _told("These tasks go on as they were before:", stay)


def _told(text: str, stay: Stay) -> Consequence | None:
    titles = tuple(task.title for task in _tasks_of(stay))
    return Consequence(text, titles) if titles else None


def _tasks_of(stay: Stay) -> TaskQuerySet:
    tasks = pausing_in_absence().filter(patient=stay.patient_id, ward=stay.ward_id)
    return tasks.select_related("ward")
