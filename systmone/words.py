"""How a call stands, in words for a nurse."""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from systmone.models import Call, State

CANCEL_TEXTS = {
    State.QUEUED: ("Do not send it", "Do not delete it"),
    State.FAILED: ("Leave it unsent", "Leave it in SystmOne"),
}

WAITS_FOR_GATEWAY = "Queued: nothing goes to SystmOne now. It waits, and is not lost."

LOOKING = (
    "No answer came from SystmOne. The Hub is looking into the record; nothing is sent twice. You "
    "can go on with your work."
)
LATER = "Nothing goes to SystmOne now, so it takes until a senior admin starts the gateway again."

# What a person must look after, of one and of many.
CHECK = ("needs somebody to check SystmOne", "need somebody to check SystmOne")
NOT_SENT = ("was not sent", "were not sent")
NOT_DELETED = ("was not deleted from SystmOne", "were not deleted from SystmOne")


def told(call: Call) -> str:
    """Say how a note's way into SystmOne, or back out of it, stands."""
    at = timezone.localtime(call.settled_at) if call.settled_at else None
    moment = f"{at:%H:%M on %d %b %Y}" if at else ""
    who = f" by {call.asked_by_name}" if call.withdraws_id else ""
    done, going = (
        ("Deleted from", "deleting it") if call.withdraws_id else ("Sent to", "sending it")
    )
    return {
        State.QUEUED: _waiting(call, going),
        State.SENDING: f"SystmOne is being told: {going}.",
        State.CHECKING: LOOKING if call.gateway.speaks else f"{LOOKING} {LATER}",
        State.UNKNOWN: f"Check SystmOne: {call.problem}",
        State.SUCCEEDED: f"{done} SystmOne at {moment}{who}. {call.problem}".strip(),
        State.FAILED: _failed(call),
        State.CANCELLED: "Not sent to SystmOne.",
    }[State(call.state)]


def _waiting(call: Call, going: str) -> str:
    if call.gateway.stopped_because:
        return f"{WAITS_FOR_GATEWAY} Senior admins are told why: {call.gateway.stopped_because}"
    if not call.gateway.speaks:
        return f"{WAITS_FOR_GATEWAY} The gateway is off until a senior admin switches it on."
    if call.problem:
        return f"Queued: {call.problem}{_words_of(call)} It is tried again by itself."
    return f"Queued: {going} begins in a moment."


def _failed(call: Call) -> str:
    what = "It was not deleted." if call.withdraws_id else "It was not written."
    return f"Failed. {call.problem}{_words_of(call)} {what}"


def _words_of(call: Call) -> str:
    return f" SystmOne says: “{call.words}”." if call.words else ""


def needs_in_words(calls: Iterable[Call]) -> str:
    """Say what a person must look after, for example `1 note was not sent`; empty: nothing."""
    by_need: dict[tuple[str, str], list[Call]] = {CHECK: [], NOT_SENT: [], NOT_DELETED: []}
    for call in calls:
        by_need[_need_of(call)].append(call)
    return ", ".join(_counted(found, *need) for need, found in by_need.items() if found)


def _need_of(call: Call) -> tuple[str, str]:
    if call.state == State.UNKNOWN:
        return CHECK
    return NOT_DELETED if call.withdraws_id else NOT_SENT


def _counted(calls: Sequence[Call], one: str, many: str) -> str:
    are_notes = all((call.withdraws or call).note_id for call in calls)
    if len(calls) == 1:
        return f"1 {'note' if are_notes else 'entry'} {one}"
    return f"{len(calls)} {'notes' if are_notes else 'entries'} {many}"


def cancel_text(call: Call) -> str:
    """Return what the button says that takes `call` back; empty: there is nothing to take back."""
    texts = CANCEL_TEXTS.get(State(call.state), ("", ""))
    return texts[call.withdraws_id is not None]
