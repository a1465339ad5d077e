"""A patient task's way into SystmOne: the same as that of every text of the Hub, as a task."""

from dataclasses import dataclass
from datetime import datetime
from datetime import time as clock_time
from typing import Any

from django.db import transaction
from django.utils import timezone

from systmone import writing
from systmone.calls import About, replace
from systmone.models import Call, Gateway, SharedTask
from systmone.protocol.record.bookings import Task as SystmOneTask
from systmone.staff import user_name_of
from systmone.task_merge import Side
from systmone.task_words import said_here
from systmone.writing import NotPushed, Text, was_withdrawn
from tasks.models import Kind, Task
from tasks.patients import hold_stay
from tasks.shifts import local
from wards.actors import Actor
from wards.models import Stay

NOT_A_TASK = "Only an open task of a patient who is on the ward goes to SystmOne."
FROM_THERE = "This task came from SystmOne: it is there already."
NO_TYPE = (
    "The gateway does not say which type of task the Hub's are in SystmOne: a senior admin enters "
    "it in the admin."
)
END_OF_DAY = clock_time(23, 59)


@dataclass(frozen=True, kw_only=True)
class TaskText(Text):
    """What SystmOne gets of a task."""

    task: Task

    def parts(self, gateway: Gateway, reference: str) -> dict[str, Any]:
        """Return the task as an addition to the record. Raises NotPushed without a type."""
        if not gateway.task_type:
            raise NotPushed(NO_TYPE)
        sent = SystmOneTask(
            task_type=gateway.task_type,
            due=local(self.task.due_on, END_OF_DAY),
            content=self.with_reference(reference),
            user_name_assigned=user_name_of(self.task.claimed_by, gateway) or None,
        )
        return {"tasks": (sent,)}

    @property
    def signature(self) -> str:
        """As what SystmOne will keep it, in words."""
        who = f", for {self.task.claimed_by.name}" if self.task.claimed_by else ""
        return f"SystmOne keeps it as a task of the patient, due {self.task.due_on:%d %b %Y}{who}."


def text_of(task: Task) -> TaskText:
    """Return what SystmOne gets of `task`. Raises NotPushed where it is none for SystmOne."""
    if task.kind != Kind.PATIENT or task.patient is None or not task.is_open:
        raise NotPushed(NOT_A_TASK)
    stay = Stay.objects.open().filter(patient=task.patient_id).select_related("ward").first()
    if stay is None:
        raise NotPushed(NOT_A_TASK)
    return TaskText(
        task=task,
        about=About(ward=stay.ward, patient=task.patient, task=task),
        patient=task.patient,
        body="\n".join(filter(None, [task.title, task.instructions])),
        last_line=f"{task.get_category_display()}, a task of {stay.ward.name} in Inpatient Hub",
        done_at=timezone.now(),
        done_by="",
        author=None,
    )


@transaction.atomic
def push(*, task: Task, by: Actor, at: datetime | None = None) -> Call:
    """Send `task` to the patient's record, once; again only after SystmOne has deleted it.

    Raises what `writing.write` raises.
    """
    at = at or timezone.now()
    if task.patient_id is None or hold_stay(task.patient_id) is None:
        raise NotPushed(NOT_A_TASK)
    if SharedTask.objects.filter(task=task, call=None).exists():
        raise NotPushed(FROM_THERE)
    if (present := call_of(task)) and was_withdrawn(present):
        replace(call=present, by=by, at=at)
    text = text_of(task)
    call = writing.write(text=text, by=by, at=at)
    shared = SharedTask.objects.filter(task=task).first()
    if shared is None or shared.call_id != call.pk:
        sent = {"gateway": call.gateway, "call": call, "uid": None, "said": said_here(task)}
        afresh = {"here": Side.OPEN, "there": Side.OPEN, "compared_at": None, "conflict": ""}
        SharedTask.objects.update_or_create(task=task, defaults={**sent, **afresh})
    return call


def call_of(task: Task) -> Call | None:
    """Return the call that brings `task` to SystmOne, if there is one."""
    return writing.call_of(About(task=task))
