"""Generation of what patients' legal status asks for: section expiry and rights reminders.

It compares the duties that stand with the tasks that are there, as often as it is asked: every
night, and at once when a legal status is set, a patient is transferred or a ward's times change.
It holds the stays meanwhile, and a unique constraint on stay and occasion backs it, so that each
duty becomes one task. A task that nobody asks for any more is cancelled; one whose day the ward's
times have moved is moved.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.dispatch import receiver
from django.utils import timezone

from audit.events import record
from tasks.discharges import REASON as DISCHARGED
from tasks.legal_duties import RIGHTS, Duty, detention_of, duties_of, occasion_prefix
from tasks.models import Kind, LegalWorkSettings, Status, Task, TaskEvent
from tasks.schedule import SCHEDULE
from tasks.shifts import local_date
from tasks.transitions import Action
from wards.features import Feature, feature_available
from wards.models import Stay, Ward
from wards.signals import legal_status_set

BATCH = 1000
NOT_NEEDED = "Not needed any more: the section, its date or an earlier reminder has changed."
BY_ITSELF = (NOT_NEEDED, DISCHARGED)
"""Reasons of cancellations that decide nothing: the duty may come back, as a new task."""


@dataclass
class Plan:
    """What is to be done to the tasks; to move one is to another day, or along with the patient."""

    create: list[Task] = field(default_factory=list)
    cancel: list[Task] = field(default_factory=list)
    move: list[Task] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.create or self.cancel or self.move)


def keep_all_up() -> None:
    """Bring the legal work of all patients up to date; nothing in a tier without patients."""
    if not feature_available(Feature.PATIENTS):
        return
    stays = list(Stay.objects.open().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(stays), BATCH):
        keep_up(stays[start : start + BATCH])


def keep_up_ward(ward: Ward) -> None:
    """Bring the legal work of the patients of `ward` up to date, with its times as they stand."""
    keep_up(Stay.objects.open().filter(ward=ward).values_list("pk", flat=True))


@receiver(legal_status_set)
def keep_up_stay(stay_id: int, at: datetime | None = None, **_: Any) -> None:
    """Bring the legal work of a patient up to date, in the transaction of the change."""
    keep_up([stay_id], at=at)


@transaction.atomic
def keep_up(stay_ids: Iterable[int], *, at: datetime | None = None) -> None:
    """Bring the legal work of open stays up to date, in queries that grow with the wards only."""
    # Without a join: the row that one has waited for may have another ward by then.
    held = Stay.objects.select_for_update(no_key=True).open().filter(pk__in=list(stay_ids))
    stays = list(held.order_by("pk"))
    known: dict[int | None, list[Task]] = defaultdict(list)
    for task in Task.objects.filter(stay__in=stays).order_by("pk"):
        known[task.stay_id].append(task)
    settings = _settings(stays)
    plan = Plan()
    for stay in stays:
        _add_to(plan, stay, known[stay.pk], settings[stay.ward_id])
    if plan:
        _carry_out(plan, at or timezone.now())


def _settings(stays: Collection[Stay]) -> Mapping[int, LegalWorkSettings]:
    wards = {stay.ward_id for stay in stays}
    own = {row.ward_id: row for row in LegalWorkSettings.objects.filter(ward__in=wards)}
    return {ward: own.get(ward) or LegalWorkSettings(ward_id=ward) for ward in wards}


def _add_to(plan: Plan, stay: Stay, known: Sequence[Task], settings: LegalWorkSettings) -> None:
    """Add to `plan` what makes the tasks `known` of a stay fit the duties that stand."""
    standing = [task for task in known if task.cancelled_reason not in BY_ITSELF]
    reminders = _about_rights(stay, standing)
    detention = detention_of(
        stay,
        explained_on=[local_date(task.completed_at) for task in reminders if task.completed_at],
        called_off_on=[task.due_on for task in reminders if task.status == Status.CANCELLED],
    )
    wanted = duties_of(detention, settings) if detention else {}
    there = {task.occasion for task in standing}
    plan.create += [_task(duty, stay) for duty in wanted.values() if duty.occasion not in there]
    for task in standing:
        duty = wanted.get(task.occasion)
        if task.is_open and duty is None:
            plan.cancel.append(task)
        elif task.is_open and duty and (task.due_on, task.ward_id) != (duty.due_on, stay.ward_id):
            task.due_on, task.ward_id = duty.due_on, stay.ward_id
            plan.move.append(task)


def _about_rights(stay: Stay, standing: Collection[Task]) -> list[Task]:
    """Return the reminders about rights of this detention."""
    if stay.legal_status_since is None:
        return []
    ours = occasion_prefix(RIGHTS, stay.legal_status, stay.legal_status_since)
    return [task for task in standing if task.occasion.startswith(ours)]


def _task(duty: Duty, stay: Stay) -> Task:
    return Task(
        kind=Kind.PATIENT,
        ward_id=stay.ward_id,
        patient_id=stay.patient_id,
        stay=stay,
        occasion=duty.occasion,
        title=duty.title,
        instructions=duty.instructions,
        category=duty.category,
        priority=duty.priority,
        due_on=duty.due_on,
        carry_over=True,
    )


def _carry_out(plan: Plan, at: datetime) -> None:
    created = Task.objects.bulk_create(plan.create, batch_size=BATCH)
    Task.objects.filter(pk__in=[task.pk for task in plan.cancel]).update(
        status=Status.CANCELLED, cancelled_reason=NOT_NEEDED, version=F("version") + 1
    )
    for task in plan.move:
        task.version += 1
    Task.objects.bulk_update(plan.move, ["due_on", "ward", "version"], batch_size=BATCH)
    happened = [
        *(_event(task, Action.CREATE, at) for task in created),
        *(_event(task, Action.CANCEL, at, NOT_NEEDED) for task in plan.cancel),
        *(_event(task, Action.EDIT, at, f"due {task.due_on:%d %b %Y}") for task in plan.move),
    ]
    TaskEvent.objects.bulk_create(happened, batch_size=BATCH)
    done = {"created": created, "cancelled": plan.cancel, "moved": plan.move}
    _write_down(done, at)


def _write_down(done: Mapping[str, Sequence[Task]], at: datetime) -> None:
    """Tell the audit log, ward by ward, what was done to which tasks of which patients."""
    tasks = [task for some in done.values() for task in some]
    wards = Ward.objects.filter(pk__in={task.ward_id for task in tasks}).order_by("pk")
    for ward in wards:
        detail: dict[str, list[Any]] = {
            how: [task.public_id for task in some if task.ward_id == ward.pk]
            for how, some in done.items()
        }
        detail["patients"] = sorted(
            {task.patient_id for task in tasks if task.patient_id and task.ward_id == ward.pk}
        )
        record(by=SCHEDULE, action="task.legal_work", ward=ward.name, detail=detail, at=at)


def _event(task: Task, action: Action, at: datetime, reason: str = "") -> TaskEvent:
    return TaskEvent(
        task=task,
        action=action,
        at=at,
        by=SCHEDULE.user,
        by_name=SCHEDULE.name,
        source=SCHEDULE.source,
        reason=reason,
    )
