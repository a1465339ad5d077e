"""How a person's look into SystmOne stands, in words for who waits."""

from datetime import datetime

from django.utils import timezone

from systmone.models import Call, State

AGAIN = "Look again, or type what you know."


def told(call: Call, now: datetime) -> str:
    """Say how `call`, for which a person waits, stands; nothing once it is answered."""
    return {
        State.QUEUED: _queued(call, now),
        State.SENDING: "SystmOne is asked …",
        State.FAILED: _failed(call),
        State.CANCELLED: f"This is not kept any more. {AGAIN}",
    }.get(State(call.state), "")


def is_under_way(call: Call, now: datetime) -> bool:
    """Say whether an answer may still come."""
    return call.state == State.SENDING or (call.state == State.QUEUED and now < call.deadline)


def _queued(call: Call, now: datetime) -> str:
    if now >= call.deadline:
        why = call.gateway.stopped_because or call.problem
        return f"SystmOne did not answer in time. {why} {AGAIN}".replace("  ", " ")
    if not call.gateway.speaks:
        why = call.gateway.stopped_because or "the gateway is switched off."
        return f"SystmOne cannot be asked now: {why} Tell a senior admin."
    if call.problem:
        until = timezone.localtime(call.deadline)
        return f"No answer yet: {call.problem} The Hub tries again until {until:%H:%M:%S}."
    return "SystmOne is asked …"


def _failed(call: Call) -> str:
    words = f" SystmOne says: “{call.words}”" if call.words else ""
    return f"{call.problem}{words} {AGAIN}"
