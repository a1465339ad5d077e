"""A patient's open work goes with the patient to another ward."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.dispatch import receiver

from tasks.actions import changes, write_history
from tasks.models import Task
from tasks.transitions import Action
from wards.access import people_with_access_to
from wards.actors import Actor, Source
from wards.models import Stay, StayEvent, User, Ward
from wards.signals import patient_transferred


@dataclass(frozen=True)
class Transfer:
    """From which ward to which, by whom and when."""

    origin: Ward
    to: Ward
    by: Actor
    at: datetime


@receiver(patient_transferred)
def move_open_work(stay_id: int, from_ward_id: int, to_ward_id: int, **_: Any) -> None:
    """Move the patient's open tasks to the new ward, in the transaction of the transfer.

    Whoever had claimed one keeps it only with access to that ward. The transfer holds the stay, so
    that nobody else changes these tasks meanwhile (see `tasks.patients.hold_stay`).
    """
    stay = Stay.objects.get(pk=stay_id)
    event = stay.events.filter(action=StayEvent.Action.TRANSFER).latest("pk")
    transfer = Transfer(
        origin=Ward.objects.get(pk=from_ward_id),
        to=Ward.objects.get(pk=to_ward_id),
        by=Actor(event.by_name, Source(event.source), event.by),
        at=event.at,
    )
    open_work = Task.objects.open().filter(patient_id=stay.patient_id, ward=transfer.origin)
    tasks = list(open_work.select_related("claimed_by").order_by("pk"))
    claimants = [task.claimed_by.pk for task in tasks if task.claimed_by]
    welcome = set(people_with_access_to(transfer.to).filter(pk__in=claimants))
    for task in tasks:
        stays_with = task.claimed_by is None or task.claimed_by in welcome
        _move(task, transfer, loses_it=None if stays_with else task.claimed_by)


def _move(task: Task, transfer: Transfer, *, loses_it: User | None) -> None:
    to, by, at = transfer.to, transfer.by, transfer.at
    new = changes(Action.RELEASE, task, by, at) if loses_it else {}
    Task.objects.filter(pk=task.pk).update(**new, ward=to, version=F("version") + 1)
    task.refresh_from_db()
    write_history(task, Action.TRANSFER, by, at, reason=f"from {transfer.origin} to {to}")
    if loses_it:
        reason = f"{loses_it.name} has no access to {to}"
        write_history(task, Action.RELEASE, by, at, reason=reason)
