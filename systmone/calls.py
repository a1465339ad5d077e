"""What people and the Hub do to calls: ask, cancel, and decide what nobody could find out.

The dispatcher's own steps are in `systmone.delivery`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.events import record
from systmone.models import Call, Decision, Gateway, Priority, State
from systmone.protocol.requests import Request
from systmone.protocol.values import Value
from systmone.requests import parameters_of, takes_a_record_slot
from systmone.transitions import Move, after
from tasks.models import Task
from wards import wake_up
from wards.actors import Actor
from wards.features import Feature, check_available
from wards.models import CaseNote, Patient, Stay, Ward

# A person who waits gives up soon; a note is worth a working day of trying.
TIME_FOR_A_PERSON = timedelta(minutes=1)
TIME_FOR_A_WRITE = timedelta(hours=8)


class CallChanged(Exception):
    """The call is no longer in the state that the person saw."""


@dataclass(frozen=True, kw_only=True)
class About:
    """What a call belongs to."""

    ward: Ward | None = None
    patient: Patient | None = None
    note: CaseNote | None = None
    stay: Stay | None = None
    task: Task | None = None
    checks: Call | None = None
    withdraws: Call | None = None


NOTHING = About()


@transaction.atomic
def ask(
    *,
    gateway: Gateway,
    request: Request[Value],
    by: Actor,
    priority: Priority,
    within: timedelta,
    about: About = NOTHING,
    reference: str = "",
    at: datetime | None = None,
    not_before: datetime | None = None,
) -> Call:
    """Put `request` into the outbox of `gateway`, and wake its speaker after the commit.

    Args:
        within: how long it may wait to be sent before it has failed.
        reference: what its text carries, so that it can be found in the record.

    Raises InvalidRequest where it breaks a rule of the specification.
    """
    check_available(Feature.SYSTMONE)
    at = at or timezone.now()
    call = Call.objects.create(
        gateway=gateway,
        function=request.function,
        parameters=parameters_of(request),
        takes_record_slot=takes_a_record_slot(request, at),
        reference=reference,
        priority=priority,
        created_at=at,
        not_before=not_before or at,
        deadline=at + within,
        asked_by=by.user,
        asked_by_name=by.name,
        source=by.source,
        **vars(about),
    )
    write_down(call, "ask", by, at)
    wake_up.on_commit("systmone.jobs.speak", gateway.pk)
    return call


@transaction.atomic
def cancel(*, call: Call, by: Actor, at: datetime | None = None) -> Call:
    """Take back a call that waits, or let one that has failed rest: it was surely not done.

    Raises CallChanged where it is too late for that.
    """
    at = at or timezone.now()
    held = locked(call)
    step = Move.LEAVE if held.state == State.FAILED else Move.CANCEL
    move(held, step, settled_at=at)
    write_down(held, step, by, at)
    return held


@transaction.atomic
def decide(
    *, call: Call, decision: Decision, attempt_id: int, by: Actor, at: datetime | None = None
) -> Call:
    """Settle what nobody could find out, as a person has seen it in SystmOne.

    Args:
        attempt_id: the last attempt that the person knew of.

    Raises CallChanged where the call was settled, or sent again, meanwhile.
    """
    if by.user is None:
        raise ValueError("only a person can look into SystmOne")
    at = at or timezone.now()
    held = locked(call)
    if held.attempts.latest("pk").pk != attempt_id:
        raise CallChanged
    facts: dict[str, Any] = {"decision": decision, "decided_by": by.user, "decided_at": at}
    if decision == Decision.IT_IS_THERE:
        move(held, Move.IT_IS_THERE, settled_at=at, **facts)
    else:
        fresh = {"not_before": at, "deadline": at + TIME_FOR_A_WRITE, "problem": "", "words": ""}
        move(held, Move.SEND_AGAIN, **fresh, **facts)
        wake_up.on_commit("systmone.jobs.speak", held.gateway_id)
    write_down(held, decision, by, at)
    return held


def supersede(*, call: Call, by: Actor, at: datetime) -> None:
    """Let another call take the place of one that has failed, in the caller's transaction."""
    held = locked(call)
    move(held, Move.SUPERSEDE)
    write_down(held, "supersede", by, at)


def replace(*, call: Call, by: Actor, at: datetime) -> None:
    """Let another call take the place of one whose write was deleted again, as `supersede` does."""
    held = locked(call)
    move(held, Move.REPLACE)
    write_down(held, "replace", by, at)


def move(call: Call, step: Move, **facts: Any) -> None:
    """Bring a locked `call` to its next state. Raises CallChanged where that is not possible."""
    state = after(State(call.state), step)
    if state is None:
        raise CallChanged
    call.state, call.told_at = state, None
    for name, value in facts.items():
        setattr(call, name, value)
    call.save(update_fields=["state", "told_at", *facts])


def write_down(call: Call, verb: str, by: Actor, at: datetime, **detail: Any) -> None:
    """Write what was done to `call` into the audit log."""
    record(
        by=by,
        action=f"call.{verb}",
        object_type="call",
        object_id=str(call.pk),
        ward=call.ward.name if call.ward else "",
        detail={"function": call.function, "patient": call.patient_id, **detail},
        at=at,
    )


def locked(call: Call) -> Call:
    """Return `call` as it is now, held for the rest of the transaction."""
    return Call.objects.select_for_update(of=("self",)).select_related("ward").get(pk=call.pk)
