"""Looking into the record whether a write of unknown outcome was done.

The reads are calls of their own, through the same gateway: SystmOne works through its requests one
after another, so the answer to a later one shows that it is no longer busy with the write.

A quick look reads the entries since the write was sent, as a rule today's, which SystmOne allows at
any time. It may find a reference, and never shows that one is absent, for two clocks may disagree
about the day. That is for a wide look, from the day before and without an end.
"""

from datetime import date, datetime, timedelta

from systmone.calls import About, ask, locked, move, write_down
from systmone.models import Attempt, Call, Priority, State
from systmone.protocol.functions import DeleteFromPatientRecord
from systmone.protocol.functions.get_patient_record import Filter, GetPatientRecord, PatientRecord
from systmone.protocol.identity import Identity
from systmone.protocol.times import LOCAL
from systmone.requests import identity_in, request_of
from systmone.transitions import Move
from wards.actors import Actor, Source
from wards.encryption import WrongKey

CHECK = Actor("The SystmOne gateway", Source.SYSTMONE)

TIME_FOR_A_LOOK = timedelta(minutes=10)
ENOUGH = timedelta(minutes=30)  # of looking at a record that cannot tell; then a person decides
PAUSE = timedelta(seconds=30)  # at least, before such a record is looked at again
ONE_DAY = timedelta(days=1)
MOST_LOSSES = 3  # what is sent so often without an answer is not sent again by itself

TWICE = "It stands in SystmOne {} times: delete all but one of them there."
CANNOT_TELL = "The record could not tell whether it was done: {}"
NO_KEY = "HUB_ENCRYPTION_KEYS lacks the key to what was sent."
ABSENT = "no answer came, and the record surely does not hold it."
TOO_OFTEN = (
    "it was sent several times, no answer ever came, and the record did not hold it when the Hub "
    "looked."
)


def look(call: Call, at: datetime) -> None:
    """Ask for the entries since `call` was first sent, after the gateway's settling time."""
    settled = at + timedelta(seconds=call.gateway.seconds_to_settle)
    _ask(call, at, settled, first=_first_day(call), last=_day(settled))


def conclude(call: Call, look: Call, entries: PatientRecord, at: datetime) -> None:
    """Settle `call` by `entries`, SystmOne's answer to the later `look`."""
    call = locked(call)
    if call.state != State.CHECKING:
        return
    if entries.record_state != "Closed" or not _is_the_patient(entries.identity, look):
        _look_again(call, "it is open in SystmOne, or was answered in part.", at)
        return
    is_deletion = call.function == DeleteFromPatientRecord.function
    uids = _present(call, entries) if is_deletion else _uids_with(call.reference, entries)
    if uids and is_deletion:
        _miss(call, at)
    elif uids:
        problem = TWICE.format(len(uids)) if len(uids) > 1 else ""
        _find(call, at, uids=uids, problem=problem)
    elif not _is_wide(look):
        _look_widely(call, at, not_before=at)
    elif is_deletion:
        _find(call, at, problem="")
    else:
        _miss(call, at)


def could_not_look(call: Call, why: str, at: datetime) -> None:
    """Look again, for as long as `call` may be delivered: the record could not be read, `why`."""
    call = locked(call)
    if call.state != State.CHECKING:
        return
    if at < call.deadline:
        _look_widely(call, at, not_before=at + PAUSE)
    else:
        _give_up(call, why, at)


def was_refused_a_look(call: Call, why: str, at: datetime) -> None:
    """Look again, but not for long: SystmOne does not show the record, `why`."""
    call = locked(call)
    if call.state == State.CHECKING:
        _look_again(call, why, at)


def _look_again(call: Call, why: str, at: datetime) -> None:
    lost_at = call.attempts.latest("pk").ended_at
    if lost_at and at - lost_at < ENOUGH:
        _look_widely(call, at, not_before=at + PAUSE)
    else:
        _give_up(call, why, at)


def _look_widely(call: Call, at: datetime, *, not_before: datetime) -> None:
    _ask(call, at, not_before, first=_first_day(call) - ONE_DAY, last=None)


def _ask(call: Call, at: datetime, not_before: datetime, *, first: date, last: date | None) -> None:
    try:
        identity = identity_in(call)
    except WrongKey:
        _give_up(call, NO_KEY, at)
        return
    ask(
        gateway=call.gateway,
        request=GetPatientRecord(
            identity=identity,
            filter=Filter(min_entry_date=first, max_entry_date=last, narrative=True, tasks=True),
        ),
        by=CHECK,
        priority=Priority(call.priority),
        within=not_before - at + TIME_FOR_A_LOOK,
        about=About(ward=call.ward, patient=call.patient, checks=call),
        at=at,
        not_before=not_before,
    )


def _is_the_patient(answered: Identity | None, look: Call) -> bool:
    asked = identity_in(look)
    if answered is None:
        return False
    # SystmOne takes a pseudo-number given as an NHS number, and answers with it as a pseudo-number.
    number = asked.nhs_number or asked.pseudo_number
    return number in (answered.nhs_number, answered.pseudo_number)


def _is_wide(look: Call) -> bool:
    request = request_of(look)
    if not isinstance(request, GetPatientRecord) or request.filter is None:
        raise TypeError("a look is a filtered GetPatientRecord")
    return request.filter.max_entry_date is None


def _find(call: Call, at: datetime, **facts: object) -> None:
    move(call, Move.FIND, settled_at=at, **facts)
    write_down(call, "find", CHECK, at)


def _miss(call: Call, at: datetime) -> None:
    """It was surely not done: send it again, but not for ever."""
    losses = call.attempts.filter(outcome=Attempt.Outcome.UNCLEAR)
    if call.decided_at:
        losses = losses.filter(started_at__gt=call.decided_at)
    if losses.count() >= MOST_LOSSES:
        _leave_to_a_person(call, TOO_OFTEN, at)
        return
    move(call, Move.MISS, not_before=at, problem=ABSENT)
    write_down(call, "miss", CHECK, at)


def _give_up(call: Call, why: str, at: datetime) -> None:
    _leave_to_a_person(call, CANNOT_TELL.format(why), at)


def _leave_to_a_person(call: Call, problem: str, at: datetime) -> None:
    move(call, Move.GIVE_UP, problem=problem[:300])
    write_down(call, "unknown", CHECK, at)


def _uids_with(reference: str, entries: PatientRecord) -> list[str]:
    """Return the UIDs of the entries in whose text `reference` stands."""
    events = [
        event.event_uid
        for event in entries.events
        if any(reference in narrative.text for narrative in event.narratives)
    ]
    tasks = [task.task_uid for task in entries.tasks if reference in (task.content or "")]
    return [uid or "" for uid in events + tasks]


def _present(deletion: Call, entries: PatientRecord) -> list[str]:
    """Return those UIDs that `deletion` deletes and that are in the record."""
    request = request_of(deletion)
    if not isinstance(request, DeleteFromPatientRecord):
        raise TypeError("a deletion names what it deletes")
    present = {event.event_uid for event in entries.events}
    present |= {task.task_uid for task in entries.tasks}
    return [uid for uid in (*request.event_uids, *request.task_uids) if uid in present]


def _first_day(call: Call) -> date:
    """Return the day on which what `call` is about can first have been entered."""
    written = call.withdraws or call
    return _day(written.attempts.earliest("pk").started_at)


def _day(at: datetime) -> date:
    return at.astimezone(LOCAL).date()
