"""Looking into the record whether a write of unknown outcome was done.

The reads are calls of their own, through the same gateway: SystmOne works through its requests one
after another, so the answer to a later one shows that it is no longer busy with the write. Only
then does an absent reference mean that the write was not done.
"""

from datetime import date, datetime, timedelta

from systmone.calls import About, ask, locked, move, write_down
from systmone.models import Call, Priority, State
from systmone.protocol.functions import DeleteFromPatientRecord
from systmone.protocol.functions.get_patient_record import Filter, GetPatientRecord, PatientRecord
from systmone.protocol.identity import Identity
from systmone.protocol.times import LOCAL
from systmone.requests import request_of
from systmone.transitions import Move
from wards.actors import Actor, Source

CHECK = Actor("The SystmOne gateway", Source.SYSTMONE)

LONGER = 10  # times the settling time, where the record could not tell
TIME_FOR_A_LOOK = timedelta(minutes=10)
ENOUGH = timedelta(minutes=30)  # of looking; then a person decides
AROUND_MIDNIGHT = timedelta(minutes=1)  # in which SystmOne's clock may say another day

TWICE = "It stands in SystmOne {} times: delete all but one of them there."
CANNOT_TELL = "Nobody knows whether it was written, for the record could not be read: {}"


def look(call: Call, at: datetime, *, times: int = 1) -> None:
    """Ask for the entries since `call` was first sent, after `times` the settling time."""
    settling = timedelta(seconds=call.gateway.seconds_to_settle) * times
    ask(
        gateway=call.gateway,
        request=GetPatientRecord(
            identity=_identity(call),
            filter=Filter(
                min_entry_date=_first_day(call),
                max_entry_date=_day(at + settling + AROUND_MIDNIGHT),
                narrative=True,
                tasks=True,
            ),
        ),
        by=CHECK,
        priority=Priority(call.priority),
        within=TIME_FOR_A_LOOK,
        about=About(ward=call.ward, patient=call.patient, checks=call),
        at=at,
        not_before=at + settling,
    )


def conclude(call: Call, entries: PatientRecord, at: datetime) -> None:
    """Settle `call` by what SystmOne answered later: `entries` since it was first sent."""
    call = locked(call)
    if call.state != State.CHECKING:
        return
    if entries.record_state == "Open":
        _look_again(call, "it is open in SystmOne.", at)
    elif call.function == DeleteFromPatientRecord.function:
        _conclude_deletion(call, entries, at)
    else:
        _conclude_addition(call, entries, at)


def could_not_tell(call: Call, why: str, at: datetime) -> None:
    """Look again later, or let a person decide: the record could not be read, because of `why`."""
    call = locked(call)
    if call.state == State.CHECKING:
        _look_again(call, why, at)


def _conclude_addition(call: Call, entries: PatientRecord, at: datetime) -> None:
    uids = _uids_with(call.reference, entries)
    if not uids:
        _miss(call, at)
        return
    problem = TWICE.format(len(uids)) if len(uids) > 1 else ""
    _find(call, at, uids=uids, problem=problem)


def _conclude_deletion(call: Call, entries: PatientRecord, at: datetime) -> None:
    present = {event.event_uid for event in entries.events}
    present |= {task.task_uid for task in entries.tasks}
    wanted = request_of(call)
    uids = {*getattr(wanted, "event_uids", ()), *getattr(wanted, "task_uids", ())}
    if present & uids:
        _miss(call, at)
    else:
        _find(call, at, problem="")


def _find(call: Call, at: datetime, **facts: object) -> None:
    move(call, Move.FIND, settled_at=at, **facts)
    write_down(call, "find", CHECK, at)


def _miss(call: Call, at: datetime) -> None:
    move(call, Move.MISS, not_before=at)
    write_down(call, "miss", CHECK, at)


def _look_again(call: Call, why: str, at: datetime) -> None:
    lost_at = call.attempts.latest("pk").ended_at
    if lost_at and at - lost_at < ENOUGH:
        look(call, at, times=LONGER)
        return
    move(call, Move.GIVE_UP, problem=CANNOT_TELL.format(why)[:300])
    write_down(call, "unknown", CHECK, at)


def _uids_with(reference: str, entries: PatientRecord) -> list[str]:
    """Return the UIDs of the entries in whose text `reference` stands."""
    events = [
        event.event_uid or ""
        for event in entries.events
        if any(reference in narrative.text for narrative in event.narratives)
    ]
    tasks = [task.task_uid or "" for task in entries.tasks if reference in (task.content or "")]
    return events + tasks


def _identity(call: Call) -> Identity:
    """Return whose record the write was for, as it was sent: the number may have changed since."""
    identity: Identity | None = getattr(request_of(call), "identity", None)
    if identity is None:
        raise ValueError("a write names its patient")
    return Identity(nhs_number=identity.nhs_number, pseudo_number=identity.pseudo_number)


def _first_day(call: Call) -> date:
    return _day(call.attempts.earliest("pk").started_at - AROUND_MIDNIGHT)


def _day(at: datetime) -> date:
    return at.astimezone(LOCAL).date()
