"""`/api/systmone/tasks`: tasks of patients that are in SystmOne as well."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from ninja import Field
from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from systmone.api_answers import Accepted, Camel, NhsNumber, Status, Strict, accepted
from systmone.models import Call, SharedTask, State
from systmone.models.call import STATUS_IN_API
from systmone.task_merge import Side
from systmone.task_sync import side_of
from tasks.models import Category
from wards.api_callers import Caller
from wards.models import Stay
from wards.viewing import record_names

MOST = 500


def _says_something(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "Must not be blank")
    return text.strip()


class NewTask(Strict):
    """A task for the patient with this NHS number."""

    nhs_number: NhsNumber = Field(json_schema_extra={"examples": ["9434765919"]})
    title: Annotated[
        str, StringConstraints(min_length=1, max_length=120), AfterValidator(_says_something)
    ]
    due_on: Annotated[date, Field(strict=False)]
    instructions: Annotated[str, StringConstraints(max_length=2000)] = ""
    category: Literal[tuple(Category.values)] = Category.OTHER.value  # type: ignore[valid-type]


class AcceptedTask(Accepted):
    """The task is in the diary, and on its way to SystmOne."""

    task_id: str


class OneTask(Camel):
    """A task, and how it stands here and in SystmOne."""

    task_id: str
    ward: str
    nhs_number: str
    title: str
    due_on: date
    status: Side
    origin: Literal["hub", "systmone"]
    in_system_one: Side | None = Field(
        serialization_alias="inSystmOne", description="`null`: not compared yet"
    )
    compared_at: datetime | None
    conflict: str | None = Field(description="what changed on both sides, for people")
    task_uid: str | None = Field(
        serialization_alias="taskUid", description="SystmOne's UID, once known"
    )
    call_id: str | None = Field(description="of the call that sent it, for one of the Hub's")
    call_status: Status | None


class Tasks(Camel):
    """The open ones and those that stand differently on the two sides, the latest due last."""

    tasks: list[OneTask]


def of(caller: Caller) -> list[dict[str, Any]]:
    """Return the shared tasks on the caller's wards, and note that their patients were seen."""
    shown = list(_shared(caller)[:MOST])
    by_ward: dict[Any, set[int]] = defaultdict(set)
    for shared in shown:
        by_ward[shared.task.ward].add(shared.task.patient_id or 0)
    for ward, patients in by_ward.items():
        record_names(patients, page="systmone_tasks", ward=ward, by=caller.by)
    return _told(shown)


def _shared(caller: Caller) -> QuerySet[SharedTask]:
    present = Stay.objects.open().filter(ward__in=caller.wards)  # a ward names nobody who has left
    on_wards = SharedTask.objects.filter(
        task__ward__in=caller.wards, task__patient__in=present.values("patient")
    )
    related = on_wards.select_related("task__ward", "task__patient", "call")
    return related.defer("call__parameters", "call__words").order_by("task__due_on", "pk")


def _told(shown: Iterable[SharedTask]) -> list[dict[str, Any]]:
    told = []
    for shared in shown:
        task, call = shared.task, shared.call
        if shared.there != Side.OPEN and not task.is_open and not shared.conflict:
            continue
        told.append(
            {
                "taskId": task.public_id,
                "ward": task.ward.name,
                "nhsNumber": task.patient.nhs_number if task.patient else "",
                "title": task.title,
                "dueOn": task.due_on.isoformat(),
                "status": side_of(task),
                "origin": "hub" if call else "systmone",
                "inSystmOne": shared.there if shared.compared_at else None,
                "comparedAt": shared.compared_at and shared.compared_at.isoformat(),
                "conflict": shared.conflict or None,
                "taskUid": shared.uid,
                "callId": str(call.pk) if call else None,
                "callStatus": STATUS_IN_API[State(call.state)] if call else None,
            }
        )
    return told


def accepted_task(call: Call) -> dict[str, Any]:
    """Return what answers 202."""
    return {**accepted(call), "taskId": call.task.public_id if call.task else ""}
