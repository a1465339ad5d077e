"""Discharging a patient: start, check item by item, confirm or send back.

The bed is free at the moment of the confirmation and no sooner. Each action is one transaction with
its event on the timeline and its audit event.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from audit.events import record
from wards.actors import Actor
from wards.models import (
    ChecklistItem,
    Discharge,
    DischargeCheck,
    Role,
    Stay,
    StayEvent,
    StayStatus,
    User,
    Ward,
)
from wards.policies import can_confirm_discharges, can_start_discharges
from wards.signals import discharge_confirmed, stay_ended
from wards.stays import StayChanged, change

DEFAULT_CHECKLIST = (
    ("Tasks resolved or handed on", True),
    ("Discharge summary written", True),
    ("Medicines to take out ready", True),
    ("Follow-up arranged", True),
    ("GP told", True),
    ("Community team told", False),
    ("Property returned", True),
)


class NotAllowed(Exception):
    """This person may not decide about this discharge; the text says why."""


class NotComplete(Exception):
    """Required items are not checked yet: `missing` names them."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__("required items are not checked")


def checklist_of(ward: Ward) -> list[tuple[str, bool]]:
    """Return the names of the ward's items and whether each is required; else the usual ones."""
    own = list(ChecklistItem.objects.filter(ward=ward).values_list("name", "is_required"))
    return own or list(DEFAULT_CHECKLIST)


def pending(stay: Stay) -> Discharge | None:
    """Return the discharge of `stay` that waits for a decision."""
    return stay.discharges.filter(outcome=Discharge.Outcome.PENDING).first()


@transaction.atomic
def start(*, stay: Stay, by: Actor, at: datetime | None = None) -> Discharge:
    """Begin a discharge with the ward's checklist as it stands.

    Raises NotAllowed or StayChanged.
    """
    at = at or timezone.now()
    if sentence := why_not_start(stay, _person(by)):
        raise NotAllowed(sentence)
    changed = change(
        StayEvent.Action.START_DISCHARGE,
        stay,
        by,
        at,
        before=stay.get_status_display(),
        status=StayStatus.PENDING_DISCHARGE,
    )
    discharge = Discharge.objects.create(
        stay=changed, started_by=_person(by), started_by_name=by.name, started_at=at
    )
    DischargeCheck.objects.bulk_create(
        DischargeCheck(discharge=discharge, name=name, is_required=is_required, order=order)
        for order, (name, is_required) in enumerate(checklist_of(changed.ward))
    )
    return discharge


@transaction.atomic
def check(*, item: DischargeCheck, by: Actor, at: datetime | None = None) -> None:
    """Tick an item of a pending discharge; ticked already, it stays with who was first."""
    at = at or timezone.now()
    open_items = DischargeCheck.objects.filter(pk=item.pk, done_at=None)
    ticked = {"done_by": _person(by), "done_by_name": by.name, "done_at": at}
    if _undecided(item.discharge) and open_items.update(**ticked):
        _record(item, "discharge.check", by, at)


@transaction.atomic
def uncheck(*, item: DischargeCheck, by: Actor, at: datetime | None = None) -> None:
    """Take the tick of an item back; the audit log keeps who had ticked it."""
    done_items = DischargeCheck.objects.filter(pk=item.pk, done_at__isnull=False)
    unticked = {"done_by": None, "done_by_name": "", "done_at": None}
    if _undecided(item.discharge) and done_items.update(**unticked):
        _record(item, "discharge.uncheck", by, at or timezone.now())


def may_send_back(discharge: Discharge, user: User) -> bool:
    """Say whether `user` may end `discharge` without discharging: who started it may withdraw."""
    is_own = user.pk == discharge.started_by_id
    return is_own or can_confirm_discharges(user, discharge.stay.ward)


def why_not_start(stay: Stay, user: User) -> str:
    """Say in a sentence why `user` may not start a discharge; nothing if they may."""
    if can_start_discharges(user, stay.ward):
        return ""
    return f"On this ward {who_starts(stay.ward)} starts a discharge."


def who_starts(ward: Ward) -> str:
    """Return who starts a discharge on `ward`, for a sentence: `a ward admin`."""
    return f"a {Role(ward.discharges_started_by).label.lower()}"


def who_confirms(ward: Ward) -> str:
    """Return who confirms a discharge on `ward`, for a sentence: `a ward admin`."""
    return f"a {Role(ward.discharges_confirmed_by).label.lower()}"


def why_not_confirm(discharge: Discharge, user: User) -> str:
    """Say in a sentence why `user` may not confirm `discharge`; nothing if they may."""
    ward = discharge.stay.ward
    if not can_confirm_discharges(user, ward):
        who = who_confirms(ward).capitalize()
        return f"{who} confirms a discharge. They or who started it can send it back."
    if user.pk == discharge.started_by_id and not ward.may_confirm_own_discharges:
        other = who_confirms(ward).removeprefix("a ")
        return f"Another {other} must confirm this discharge, because you started it."
    return ""


@transaction.atomic
def confirm(*, discharge: Discharge, by: Actor, at: datetime | None = None) -> Stay:
    """Discharge the patient now: the stay ends and its bed is free.

    Announces `discharge_confirmed`, upon which what is still open is called off, and `stay_ended`.
    Raises NotAllowed, NotComplete or StayChanged.
    """
    at = at or timezone.now()
    if sentence := why_not_confirm(discharge, _person(by)):
        raise NotAllowed(sentence)
    # First the decision: once it is made, no tick is given or taken back.
    _decide(discharge, Discharge.Outcome.CONFIRMED, by, at)
    required = discharge.checks.filter(is_required=True, done_at=None)
    if missing := list(required.values_list("name", flat=True)):
        raise NotComplete(missing)
    # While the stay is open and held: nobody else changes the patient's work now, nor later.
    Stay.objects.select_for_update(no_key=True).get(pk=discharge.stay_id)
    discharge_confirmed.send(Stay, stay_id=discharge.stay_id, by=by, at=at)
    ended = change(
        StayEvent.Action.DISCHARGE,
        discharge.stay,
        by,
        at,
        status=StayStatus.DISCHARGED,
        discharged_at=at,
    )
    stay_ended.send(Stay, stay_id=ended.pk, by=by, at=at)
    return ended


@transaction.atomic
def send_back(*, discharge: Discharge, reason: str, by: Actor, at: datetime | None = None) -> Stay:
    """Send a discharge back, saying why: the stay is as it was before the discharge began.

    Raises NotAllowed or StayChanged.
    """
    at = at or timezone.now()
    if not may_send_back(discharge, _person(by)):
        decider = who_confirms(discharge.stay.ward).capitalize()
        raise NotAllowed(f"{decider}, or whoever started it, sends a discharge back.")
    return _send_back(discharge, reason, by, at)


def give_up(*, stay: Stay, reason: str, by: Actor, at: datetime) -> Stay:
    """Send the pending discharge of `stay` back because of what happened, whoever notes it.

    For the transaction of what happened. Raises StayChanged.
    """
    discharge = pending(stay)
    if discharge is None:
        raise StayChanged(stay)
    discharge.stay = stay
    return _send_back(discharge, reason, by, at)


def _send_back(discharge: Discharge, reason: str, by: Actor, at: datetime) -> Stay:
    _decide(discharge, Discharge.Outcome.SENT_BACK, by, at, reason)
    began = discharge.stay.events.filter(action=StayEvent.Action.START_DISCHARGE).latest("pk")
    was_on_leave = began.before == StayStatus.ON_LEAVE.label
    return change(
        StayEvent.Action.SEND_BACK,
        discharge.stay,
        by,
        at,
        status=StayStatus.ON_LEAVE if was_on_leave else StayStatus.ACTIVE,
        reason=reason,
    )


def _record(item: DischargeCheck, action: str, by: Actor, at: datetime) -> None:
    stay = item.discharge.stay
    record(
        by=by,
        action=action,
        object_type="patient",
        object_id=str(stay.patient_id),
        ward=stay.ward.name,
        detail={"item": item.name, "ticked_by": item.done_by_name},
        at=at,
    )


def _decide(
    discharge: Discharge, outcome: Discharge.Outcome, by: Actor, at: datetime, reason: str = ""
) -> None:
    undecided = Discharge.objects.filter(pk=discharge.pk, outcome=Discharge.Outcome.PENDING)
    decision = {
        "outcome": outcome,
        "decided_by": by.user,
        "decided_by_name": by.name,
        "decided_at": at,
        "reason": reason,
    }
    if undecided.update(**decision) != 1:
        raise StayChanged(discharge.stay)


def _undecided(discharge: Discharge) -> bool:
    """Whether nobody has decided yet; nobody can until the transaction ends."""
    locked = Discharge.objects.select_for_update().filter(pk=discharge.pk)
    return locked.filter(outcome=Discharge.Outcome.PENDING).exists()


def _person(by: Actor) -> User:
    if by.user is None:
        raise NotAllowed("Discharges are for people.")
    return by.user
