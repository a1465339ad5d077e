"""How a call stands, in words for a nurse."""

from collections.abc import Iterable

from django.utils import timezone

from systmone.models import Call, State

CANCEL_TEXTS = {
    State.QUEUED: ("Do not send it", "Do not delete it"),
    State.FAILED: ("Leave it unsent", "Leave it in SystmOne"),
}


def told(call: Call) -> str:
    """Say how a note's way into SystmOne, or back out of it, stands."""
    at = timezone.localtime(call.settled_at) if call.settled_at else None
    moment = f"{at:%H:%M on %d %b %Y}" if at else ""
    done, going = (
        ("Deleted from", "deleting it") if call.withdraws_id else ("Sent to", "sending it")
    )
    return {
        State.QUEUED: _waiting(call, going),
        State.SENDING: f"SystmOne is being told: {going}.",
        State.CHECKING: (
            "No answer came from SystmOne. The Hub is looking into the record; nothing is sent "
            "twice. You can go on with your work."
        ),
        State.UNKNOWN: f"Check SystmOne: {call.problem}",
        State.SUCCEEDED: f"{done} SystmOne at {moment}. {call.problem}".strip(),
        State.FAILED: _failed(call),
        State.CANCELLED: "Not sent to SystmOne.",
    }[State(call.state)]


def _waiting(call: Call, going: str) -> str:
    if not call.gateway.speaks:
        why = call.gateway.stopped_because or "it is switched off"
        return f"Queued: the gateway to SystmOne does not send now ({why})"
    if call.problem:
        return f"Queued: {call.problem} It is tried again by itself."
    return f"Queued: {going} begins in a moment."


def _failed(call: Call) -> str:
    words = f" SystmOne says: “{call.words}”" if call.words else ""
    what = "It was not deleted." if call.withdraws_id else "It was not written."
    return f"Failed. {call.problem}{words} {what}"


def needs_in_words(calls: Iterable[Call]) -> str:
    """Say what a person must look after, for example `1 note was not sent`; empty: nothing."""
    counts = {State.UNKNOWN: 0, State.FAILED: 0}
    are_notes = True
    for call in calls:
        counts[State(call.state)] += 1
        are_notes = are_notes and call.note_id is not None
    one, many = ("note", "notes") if are_notes else ("entry", "entries")
    parts = []
    if unknown := counts[State.UNKNOWN]:
        needs = f"1 {one} needs" if unknown == 1 else f"{unknown} {many} need"
        parts.append(f"{needs} somebody to check SystmOne")
    if failed := counts[State.FAILED]:
        parts.append(f"1 {one} was not sent" if failed == 1 else f"{failed} {many} were not sent")
    return ", ".join(parts)


def cancel_text(call: Call) -> str:
    """Return what the button says that takes `call` back; empty: there is nothing to take back."""
    texts = CANCEL_TEXTS.get(State(call.state), ("", ""))
    return texts[call.withdraws_id is not None]
