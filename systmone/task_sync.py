"""What a reading of SystmOne's tasks means for the Hub's: new ones, and those that were done there.

SystmOne answers with tasks that are not completed. So one that is missing where it would have to
stand was completed there, or deleted.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import cast

from django.db import IntegrityError, transaction

from systmone.bookings import merge as merge_words
from systmone.links import link_of
from systmone.models import Call, SharedTask, State
from systmone.protocol.functions.get_patient_record import GetPatientRecord, PatientRecord
from systmone.protocol.record.bookings import Task as SystmOneTask
from systmone.protocol.values import Value
from systmone.readings import SYSTMONE, apart
from systmone.requests import identity_in, request_of
from systmone.task_merge import Changed, Do, Side, merge, who_changed
from systmone.task_words import (
    TEXT_CHANGED_THERE,
    as_fields,
    replaced_in_words,
    said_here,
    said_of_ours,
    said_there,
    text_was_changed,
    title_of,
    words_of,
)
from systmone.writing import withdrawal_of
from tasks import actions, creation, patient_work
from tasks.actions import TaskChanged
from tasks.models import Category, Status, Task
from tasks.patient_work import NotOnAWard
from tasks.patients import hold_stay
from tasks.shifts import ONE_DAY, local_date

OURS = re.compile(r"HUB-[2-9A-HJ-NP-Z]{12}")
CLOSED_THERE = {"completed", "complete", "finished"}

SIDES = {
    Status.PENDING: Side.OPEN,
    Status.IN_PROGRESS: Side.OPEN,
    Status.COMPLETED: Side.DONE,
    Status.CANCELLED: Side.CALLED_OFF,
}


def take_in(call: Call, answer: Value, at: datetime) -> None:
    """Bring what a record's tasks tell into the diary, each task by itself."""
    record = cast("PatientRecord", answer)
    if record.record_state != "Closed" or not _is_the_patient(record, call):
        return  # an open record may show what is never saved
    found = {task.task_uid: task for task in record.tasks if task.task_uid and _is_open(task)}
    _forget_what_was_deleted(call)
    _name_what_was_sent(call, found)
    for shared in _of_the_patient(call):
        one = found.get(shared.uid or "")
        if one or _would_stand_in(call, shared):
            _compare(shared, one, call, at)
    _add_new(call, found.values(), at)


def side_of(task: Task) -> Side:
    """Return how the Hub's task stands."""
    return SIDES[Status(task.status)]


def _forget_what_was_deleted(look: Call) -> None:
    """A task that the Hub has deleted from SystmOne is no longer shared; it may be sent again."""
    deleted = Call.objects.filter(withdraws__isnull=False, state=State.SUCCEEDED)
    of_patient = SharedTask.objects.filter(task__patient=look.patient_id)
    of_patient.filter(call__in=deleted.values("withdraws")).delete()


def _name_what_was_sent(look: Call, found: Mapping[str, SystmOneTask]) -> None:
    """Keep the UIDs of tasks that SystmOne has taken from the Hub meanwhile."""
    unnamed = SharedTask.objects.filter(
        uid=None, task__patient=look.patient_id, call__state=State.SUCCEEDED
    )
    for shared in unnamed.select_related("call"):
        sent = cast("Call", shared.call)
        carrying = (uid for uid, one in found.items() if sent.reference in (one.content or ""))
        uid = next(iter(sent.uids), None) or next(carrying, None)
        if uid and sent.settled_at:
            SharedTask.objects.filter(pk=shared.pk, uid=None).update(
                uid=uid, entered_on=local_date(sent.settled_at)
            )


def _of_the_patient(call: Call) -> list[SharedTask]:
    """Return the tasks to compare: not those that somebody deletes from SystmOne."""
    shared = SharedTask.objects.filter(task__patient=call.patient_id, uid__isnull=False)
    known = shared.select_related("task__ward", "call")
    return [one for one in known if one.call is None or not _is_being_deleted(one.call)]


def _is_being_deleted(call: Call) -> bool:
    withdrawal = withdrawal_of(call)
    return withdrawal is not None and withdrawal.state != State.FAILED


def _would_stand_in(look: Call, shared: SharedTask) -> bool:
    """Say whether the answer to `look` would show the task if it were open in SystmOne."""
    known_since = shared.call.settled_at if shared.call else shared.compared_at
    if (
        known_since is None
        or known_since >= look.created_at
        or shared.gateway_id != look.gateway_id
    ):
        return False
    day = _day_of(look)
    return day is None or shared.entered_on == day


@transaction.atomic
def _compare(known: SharedTask, one: SystmOneTask | None, look: Call, at: datetime) -> None:
    """Let the Hub's task follow what changed in SystmOne's `one`, and keep how both stand."""
    hold_stay(cast("int", known.task.patient_id))  # before its tasks, as everybody does
    rows = SharedTask.objects.select_for_update(of=("self",)).select_related("task__ward")
    shared = rows.get(pk=known.pk)
    task, there = shared.task, Side.OPEN if one else Side.DONE
    before = {"before_here": Side(shared.here), "before_there": Side(shared.there)}
    sides = {"here": side_of(task), "there": there}
    outcome = merge(**before, **sides)
    try:
        with transaction.atomic():
            _do(outcome.do, task, at)
            conflict = _follow(shared, one, at) if one else ""
    except TaskChanged:
        return  # it waits for its patient, or somebody is at it: the next reading
    if conflict or who_changed(**before, **sides) is not Changed.NEITHER:
        shared.conflict = conflict or outcome.conflict
    shared.here, shared.there, shared.compared_at = side_of(task), there, at
    shared.gateway = look.gateway  # the patient may be on a ward of another one now
    kept = ["here", "there", "compared_at", "conflict", "gateway", "said"]
    shared.save(update_fields=kept)


def _do(what: Do, task: Task, at: datetime) -> None:
    if what is Do.REOPEN or (what is Do.COMPLETE and not task.is_open):
        actions.reopen(task=task, by=SYSTMONE, at=at)
    if what is Do.COMPLETE:
        actions.complete(task=task, by=SYSTMONE, at=at)


def _follow(shared: SharedTask, one: SystmOneTask, at: datetime) -> str:
    """Change the open task as SystmOne's was; return what a person has to know of it."""
    task, before = shared.task, shared.said
    if not task.is_open:
        return ""
    if shared.call:
        now = said_of_ours(one, before or said_here(task))
    else:
        now = said_there(one, local_date(task.events.earliest("pk").at))
    shared.said = now
    merged = merge_words(before=before or now, now=now, here=said_here(task))
    new = {part: value for part, value in merged.new.items() if value}
    gone = {part: was for part, was in merged.replaced.items() if before.get(part) and part in new}
    replaced = replaced_in_words(gone)
    if new:
        creation.edit(task=task, by=SYSTMONE, at=at, reason=replaced, **as_fields(new))
    if shared.call and before and text_was_changed(one, before):
        return TEXT_CHANGED_THERE
    return replaced


def _add_new(call: Call, found: Iterable[SystmOneTask], at: datetime) -> None:
    """Bring tasks into the diary that were entered in SystmOne since the day before the reading."""
    if call.patient_id is None or link_of(call.patient_id) is None:
        return  # nobody has confirmed who this is in SystmOne
    first = _day_of(call) or local_date(call.created_at) - ONE_DAY
    for one in found:
        is_ours = OURS.search(one.content or "")
        if one.date_time and local_date(one.date_time) >= first and not is_ours:
            with apart():
                _add(one, call, at)


def _add(one: SystmOneTask, call: Call, at: datetime) -> None:
    if call.patient is None or SharedTask.objects.filter(uid=one.task_uid).exists():
        return
    due_on = local_date(one.due) if one.due else local_date(at)
    try:
        with transaction.atomic():
            task = patient_work.add_patient_task(
                patient=call.patient,
                category=Category.OTHER,
                title=title_of(one),
                instructions=words_of(one),
                due_on=max(due_on, local_date(at)),
                carry_over=True,
                by=SYSTMONE,
            )
            SharedTask.objects.create(
                task=task,
                gateway=call.gateway,
                uid=one.task_uid,
                entered_on=local_date(one.date_time) if one.date_time else None,
                compared_at=at,
                said=said_there(one, local_date(at)),
            )
    except (IntegrityError, NotOnAWard):
        pass  # another process took it in; or the patient has left


def _is_open(task: SystmOneTask) -> bool:
    return (task.status or "").strip().lower() not in CLOSED_THERE


def _is_the_patient(record: PatientRecord, call: Call) -> bool:
    asked, answered = identity_in(call), record.identity
    if answered is None:
        return False
    if asked.nhs_number:
        return answered.nhs_number == asked.nhs_number
    return answered.pseudo_number == asked.pseudo_number


def _day_of(look: Call) -> date | None:
    """Return the day whose entries `look` asked for; None: it asked for all."""
    request = request_of(look)
    if not isinstance(request, GetPatientRecord) or request.filter is None:
        raise TypeError("tasks are read by a filtered GetPatientRecord")
    return request.filter.min_entry_date
