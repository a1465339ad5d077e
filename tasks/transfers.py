"""A patient's open work, when the patient goes to another ward: it follows, or as was chosen."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.dispatch import receiver

from tasks.actions import changes, write_history
from tasks.fates import Fate, field_name, may_stay
from tasks.legal_work import keep_up_stay
from tasks.models import Task
from tasks.transitions import Action
from wards.access import people_with_access_to
from wards.actors import Actor
from wards.models import Stay, User, Ward
from wards.signals import patient_transferred

MOVED_ON = "The patient went to another ward."


@dataclass(frozen=True)
class Transfer:
    """From which ward to which, by whom and when; `welcome`: who may see the new ward."""

    origin: Ward
    to: Ward
    by: Actor
    at: datetime
    welcome: Collection[User]


@receiver(patient_transferred)
def settle_open_work(
    *,
    stay_id: int,
    from_ward_id: int,
    to_ward_id: int,
    by: Actor,
    at: datetime,
    choices: Mapping[str, Any],
    **_: Any,
) -> None:
    """Let each open task of the patient move or stay, in the transaction of the transfer.

    A task of which nothing was chosen moves; so does one that was added meanwhile. The transfer
    holds the stay, so that nobody else changes these tasks (see `tasks.patients.hold_stay`).
    """
    stay, origin = Stay.objects.get(pk=stay_id), Ward.objects.get(pk=from_ward_id)
    to = Ward.objects.get(pk=to_ward_id)
    open_work = Task.objects.open().filter(patient_id=stay.patient_id, ward=origin)
    tasks = list(open_work.select_related("ward", "claimed_by").order_by("pk"))
    concerned = {task.claimed_by.pk for task in tasks if task.claimed_by}
    if by.user:
        concerned.add(by.user.pk)
    welcome = set(people_with_access_to(to).filter(pk__in=concerned))
    transfer = Transfer(origin, to, by, at, welcome)
    for task in tasks:
        fate = choices.get(field_name(task)) or Fate.MOVES
        if fate is Fate.STAYS and may_stay(task):
            write_history(task, Action.STAY, by, at, reason=MOVED_ON)
        else:
            _move(task, transfer, fate)
    keep_up_stay(stay_id=stay_id, at=at)  # the new ward has times of its own


def _move(task: Task, transfer: Transfer, fate: Fate) -> None:
    by, at = transfer.by, transfer.at
    action, reason = _change_of_claim(task, transfer, fate)
    new = changes(action, task, by, at) if action else {}
    Task.objects.filter(pk=task.pk).update(**new, ward=transfer.to, version=F("version") + 1)
    task.refresh_from_db()
    way = f"from {transfer.origin} to {transfer.to}"
    write_history(task, Action.TRANSFER, by, at, reason=way)
    if action:
        write_history(task, action, by, at, reason=reason)


def _change_of_claim(task: Task, transfer: Transfer, fate: Fate) -> tuple[Action | None, str]:
    """Return what happens to the claim on `task`, and why."""
    holder, person = task.claimed_by, transfer.by.user
    if fate is Fate.TAKEN and person in transfer.welcome and person != holder:
        return (Action.TAKE_OVER if holder else Action.CLAIM), ""
    if holder and fate is Fate.UNASSIGNED:
        return Action.RELEASE, "so chosen at the transfer"
    if holder and holder not in transfer.welcome:
        return Action.RELEASE, f"{holder.name} has no access to {transfer.to}"
    return None, ""
