"""What the end of an attempt means for its call: done, again, failed, or look into the record.

A write is sent again only when it was surely not done. Where nobody knows, the record is read
until it can tell (`systmone.checking`); where it cannot, a person decides.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import uniform
from typing import cast

from systmone import answers, checking, staff
from systmone.calls import move, write_down
from systmone.gateways import stop
from systmone.models import Attempt, Call
from systmone.outcomes import Ended
from systmone.protocol.functions import function_named
from systmone.protocol.functions.get_patient_record import PatientRecord
from systmone.transitions import Move
from wards.actors import Actor, Source

End = Attempt.Outcome

GATEWAY = Actor("The SystmOne gateway", Source.SYSTMONE)

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)

KINDS_OF_UIDS = ("event_uids", "task_uids", "appointment_uids", "visit_uids")
LATE = "It could not be sent in time: {}"
STRANGER = "Something else than SystmOne answers at {}: look at the port and at the tunnel."
OPEN_RECORD = (
    "the record is open there, and nothing is kept before somebody saves it. Save it, then say "
    "what you see."
)


def settle(call: Call, ended: Ended, at: datetime) -> None:
    """Bring a locked `call` that was being sent to its next state, in the caller's transaction."""
    AFTER[ended.outcome](call, ended, at)


def expire(call: Call, at: datetime) -> None:
    """End a locked `call` that waited until its deadline."""
    refuse(call, LATE.format(call.problem or "the gateway did not speak.")[:300], at)


def refuse(call: Call, why: str, at: datetime) -> None:
    """End a locked `call` that waits and will not be sent, in the caller's transaction."""
    move(call, Move.REFUSE, settled_at=at, problem=why)
    if call.checks:
        checking.could_not_look(call.checks, why, at)
    _tell(call, "fail", at)


def _answered(call: Call, ended: Ended, at: datetime) -> None:
    if not _is_repeatable(call):
        _written(call, ended, at)
        return
    move(call, Move.ANSWER, settled_at=at, problem="", words="")
    if call.checks:
        checking.conclude(call.checks, call, cast("PatientRecord", ended.response), at)
    elif ended.response is not None:
        answers.hear(call, ended.response, at)


def _written(call: Call, ended: Ended, at: datetime) -> None:
    """SystmOne has it; where the record is open, only once somebody saves it there."""
    uids = [uid for kind in KINDS_OF_UIDS for uid in getattr(ended.response, kind, ())]
    if getattr(ended.response, "record_state", None) == "Open":
        move(call, Move.GIVE_UP, problem=OPEN_RECORD, uids=uids)
        _tell(call, "unknown", at)
        return
    move(call, Move.ANSWER, settled_at=at, uids=uids, problem="", words="")
    _tell(call, "succeed", at)


def _unclear(call: Call, ended: Ended, at: datetime) -> None:
    """A read is read again; after a write, the record is looked into."""
    if _is_repeatable(call):
        _again(call, ended, at)
        return
    move(call, Move.LOSE, problem=ended.sentence[:300])
    checking.look(call, at)
    _tell(call, "lose", at)


def _again(call: Call, ended: Ended, at: datetime) -> None:
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(call.attempts.count() - 1, 10))
    again = at + pause * uniform(0.5, 1.0)  # noqa: S311  so that not all calls come back at once
    move(call, Move.POSTPONE, not_before=again, problem=ended.sentence[:300], words=ended.words)


def _refused(call: Call, ended: Ended, at: datetime) -> None:
    problem = ended.sentence[:300]
    move(call, Move.REFUSE, settled_at=at, problem=problem, words=ended.words)
    if call.checks:
        checking.was_refused_a_look(call.checks, problem, at)
    staff.ask_after_refusal(call=call, by=GATEWAY)
    _tell(call, "fail", at)


def _blocked(call: Call, ended: Ended, at: datetime) -> None:
    stop(gateway=call.gateway, why=ended.sentence, by=GATEWAY, at=at)
    _again(call, ended, at)


def _not_the_protocol(call: Call, ended: Ended, at: datetime) -> None:
    address = f"{call.gateway.host}:{call.gateway.port}"
    why = f"{STRANGER.format(address)} {ended.sentence}"
    stop(gateway=call.gateway, why=why, by=GATEWAY, at=at)
    _unclear(call, ended, at)


AFTER: dict[str, Callable[[Call, Ended, datetime], None]] = {
    End.ANSWERED: _answered,
    End.NOT_SENT: _again,
    End.LATER: _again,
    End.UNCLEAR: _unclear,
    End.REFUSED: _refused,
    End.BLOCKED: _blocked,
    End.NOT_THE_PROTOCOL: _not_the_protocol,
}


def _is_repeatable(call: Call) -> bool:
    return function_named(call.function).repeatable


def _tell(call: Call, verb: str, at: datetime) -> None:
    write_down(call, verb, GATEWAY, at)
