"""How a note, or the log of a discharge, stands in SystmOne, on its own page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from systmone import case_notes, demographics, discharge_logs, task_sending
from systmone.discharge_logs import EARLIER_LOG, is_outdated, setting_of
from systmone.gateways import gateway_of
from systmone.links import link_of
from systmone.models import Call, DischargeLogs, SharedTask, State
from systmone.task_words import differing
from systmone.words import CANCEL_TEXTS, cancel_text, told
from systmone.writing import NotPushed, gateway_for, identity_of, was_withdrawn, withdrawal_of
from tasks.models import Kind, Task
from wards.features import Feature, feature_available
from wards.models import CaseNote, Patient, Stay, Ward

OF_UNDONE = "This is about the audit log of a discharge that was undone."
STILL_THERE = f"{OF_UNDONE} SystmOne still has it: delete it from SystmOne."
MAY_BE_THERE = f"{OF_UNDONE} Once SystmOne has it, delete it there."

TASK_CHANGED = (
    "It was changed here after it was sent, and SystmOne has it as it was. The Hub cannot change "
    "it there: change it in SystmOne, or delete it from SystmOne and push it again."
)

TOLD_FOR = timedelta(days=1)

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Addresses:
    """The pages of what is pushed: its own, and those that its panel leads to."""

    page: str
    push: str
    state: str
    decide: str
    cancel: str
    withdraw: str


def addresses_of_note(note: CaseNote) -> Addresses:
    """Return the addresses of `note`."""
    return _addresses("note", reverse("case_note", args=[note.pk]), note.pk)


def addresses_of_log(stay: Stay) -> Addresses:
    """Return the addresses of the log of `stay`; one that goes on has no page of a log."""
    of_stay = [stay.patient_id, stay.pk]
    page = reverse("patient", args=of_stay[:1])
    if not stay.is_open:
        page = reverse("discharge_log", args=of_stay)
    return _addresses("log", page, *of_stay)


def addresses_of_task(task: Task) -> Addresses:
    """Return the addresses of `task`."""
    return _addresses("task", task.get_absolute_url(), task.public_id)


def _addresses(kind: str, page: str, *named: object) -> Addresses:
    """Return `page` and those of `systmone.writing_urls.pages_of`."""
    names = (
        f"push_{kind}",
        f"{kind}_in_systmone",
        f"decide_{kind}",
        f"cancel_{kind}_call",
        f"withdraw_{kind}",
    )
    return Addresses(page, *(reverse(name, args=named) for name in names))


def facts_of_note(note: CaseNote) -> Facts | None:
    """Return what the panel shows of `note`; `None` where SystmOne has nothing to do with it."""
    if not feature_available(Feature.SYSTMONE):
        return None
    call = case_notes.call_of(note)
    if call is None and _ward_has_no_gateway(note):
        return None
    may_push = not _is_amended(note) and (call is None or call.state == State.FAILED)
    return {**_facts(call, addresses_of_note(note)), "may_push": may_push}


def facts_of_log(stay: Stay) -> Facts | None:
    """Return what the panel shows of the log of `stay`, which has ended; or `None`, as above."""
    if not feature_available(Feature.SYSTMONE):
        return None
    call = discharge_logs.call_of(stay)
    is_off = setting_of(stay) == DischargeLogs.OFF
    if call is None and (is_off or discharge_logs.confirmed_discharge(stay) is None):
        return None
    is_free = call is None or call.state == State.FAILED or was_withdrawn(call)
    facts = {**_facts(call, addresses_of_log(stay)), "may_push": is_free and not is_off}
    if call and not is_free and is_outdated(call, stay):
        return {**facts, "hint": EARLIER_LOG}
    return {**facts, "hint": what_hinders(stay.patient) if call is None else ""}


def facts_of_task(task: Task) -> Facts | None:
    """Return what the panel shows of `task`; `None` where SystmOne has nothing to do with it."""
    if not feature_available(Feature.SYSTMONE) or task.kind != Kind.PATIENT:
        return None
    call = task_sending.call_of(task)
    came_from_there = SharedTask.objects.filter(task=task, call=None).exists()
    if came_from_there or (call is None and not _may_be_sent(task)):
        return None
    is_free = call is None or call.state == State.FAILED or was_withdrawn(call)
    shared = SharedTask.objects.filter(task=task).first()
    is_other = not is_free and shared is not None and differing(shared, task)
    return {
        **_facts(call, addresses_of_task(task)),
        "may_push": is_free and _may_be_sent(task),
        "hint": TASK_CHANGED if is_other and task.is_open else "",
    }


def _may_be_sent(task: Task) -> bool:
    try:
        stay = task_sending.text_of(task).about.ward
    except NotPushed:
        return False
    gateway = gateway_of(stay) if stay else None
    return gateway is not None and bool(gateway.task_type)


def facts_of_undone_log(stay: Stay) -> Facts | None:
    """Return what the patient's page shows of the log of `stay`, which was reopened meanwhile."""
    if not feature_available(Feature.SYSTMONE) or not stay.is_open:
        return None
    call = discharge_logs.call_of(stay)
    if call is None or _was_deleted_long_ago(call):
        return None
    facts = _facts(call, addresses_of_log(stay))
    return {**facts, "may_push": False, "hint": _hint_of_undone(call, facts["withdrawal"])}


def _hint_of_undone(call: Call, withdrawal: Call | None) -> str:
    """Say what the panel is about, and what is to do about it."""
    if call.state == State.FAILED or (withdrawal and withdrawal.state != State.FAILED):
        return OF_UNDONE
    return STILL_THERE if call.state == State.SUCCEEDED else MAY_BE_THERE


def _was_deleted_long_ago(call: Call) -> bool:
    """Say whether nobody has to be told any more that SystmOne has deleted what `call` wrote."""
    withdrawal = withdrawal_of(call)
    deleted_at = withdrawal.settled_at if withdrawal and was_withdrawn(call) else None
    return deleted_at is not None and deleted_at < timezone.now() - TOLD_FOR


def facts_of_ward(ward: Ward) -> Facts | None:
    """Return what a page needs that leads to a lookup in SystmOne from `ward`."""
    if not feature_available(Feature.SYSTMONE) or gateway_of(ward) is None:
        return None
    return {"ward": ward.slug}


def facts_of_patient(stay: Stay) -> Facts | None:
    """Return what the patient's page shows of who they are in SystmOne."""
    if not feature_available(Feature.SYSTMONE) or not stay.is_open:
        return None
    link = link_of(stay.patient_id)
    if link is None and gateway_of(stay.ward) is None:
        return None
    return {"patient": stay.patient_id, "link": link}


def facts_of_differences(stay: Stay) -> Facts | None:
    """Return what the patient's page shows on top where SystmOne says otherwise of them."""
    if not feature_available(Feature.SYSTMONE) or not stay.is_open:
        return None
    link = link_of(stay.patient_id)
    count = len(demographics.differences(stay, link)) if link else 0
    died = demographics.date_of_death(link) if link else None
    return {"patient": stay.patient_id, "count": count, "died": died} if count or died else None


def what_hinders(patient: Patient) -> str:
    """Return why nothing about `patient` can be pushed now; nothing if it can."""
    try:
        identity_of(patient)
        gateway_for(patient)
    except NotPushed as problem:
        return str(problem)
    return ""


def _facts(call: Call | None, addresses: Addresses) -> dict[str, Any]:
    withdrawal = withdrawal_of(call) if call else None
    shown = withdrawal or call
    return {
        "addresses": addresses,
        "call": call,
        "withdrawal": withdrawal,
        "told": told(shown) if shown else "",
        "is_under_way": shown is not None and not shown.is_settled and shown.state != State.UNKNOWN,
        "may_withdraw": (
            call is not None
            and call.state == State.SUCCEEDED
            and bool(call.uids)
            and (withdrawal is None or withdrawal.state == State.FAILED)
        ),
        "to_decide": shown if shown and shown.state == State.UNKNOWN else None,
        "to_cancel": shown if shown and shown.state in CANCEL_TEXTS else None,
        "cancel_text": cancel_text(shown) if shown else "",
        "attempt": shown.attempts.last() if shown else None,
    }


def _is_amended(note: CaseNote) -> bool:
    return CaseNote.objects.filter(amends=note).exists()


def _ward_has_no_gateway(note: CaseNote) -> bool:
    stay = Stay.objects.filter(patient=note.patient_id).latest("pk")
    return gateway_of(stay.ward) is None
