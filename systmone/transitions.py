"""What may become of a call, and through what: the one table."""

from collections.abc import Mapping
from enum import StrEnum

from systmone.models import State


class Move(StrEnum):
    TAKE = "take"  # the speaker is about to send it
    POSTPONE = "postpone"  # it was surely not done, and can be tried again
    ANSWER = "answer"  # SystmOne did it
    REFUSE = "refuse"  # SystmOne will not do it, or it came too late
    LOSE = "lose"  # it was sent, and nobody knows whether it was done
    FIND = "find"  # the record holds it
    MISS = "miss"  # the record surely does not hold it
    GIVE_UP = "give_up"  # the record could not tell
    CANCEL = "cancel"  # a person took it back before it was sent
    LEAVE = "leave"  # it was surely not done, and a person does not want it done any more
    SUPERSEDE = "supersede"  # it was surely not done, and another call takes its place
    REPLACE = "replace"  # what it wrote was deleted, and another call takes its place
    IT_IS_THERE = "it_is_there"  # a person has seen it in SystmOne
    SEND_AGAIN = "send_again"  # a person has seen that it is not there


# fmt: off
MOVES: Mapping[State, Mapping[Move, State]] = {
    State.QUEUED: {
        Move.TAKE:        State.SENDING,
        Move.REFUSE:      State.FAILED,
        Move.CANCEL:      State.CANCELLED,
    },
    State.SENDING: {
        Move.ANSWER:      State.SUCCEEDED,
        Move.POSTPONE:    State.QUEUED,
        Move.REFUSE:      State.FAILED,
        Move.LOSE:        State.CHECKING,
        Move.GIVE_UP:     State.UNKNOWN,
    },
    State.CHECKING: {
        Move.FIND:        State.SUCCEEDED,
        Move.MISS:        State.QUEUED,
        Move.GIVE_UP:     State.UNKNOWN,
    },
    State.UNKNOWN: {
        Move.IT_IS_THERE: State.SUCCEEDED,
        Move.SEND_AGAIN:  State.QUEUED,
    },
    State.FAILED: {
        Move.LEAVE:       State.CANCELLED,
        Move.SUPERSEDE:   State.CANCELLED,
    },
    State.SUCCEEDED: {
        Move.REPLACE:     State.CANCELLED,
    },
    State.CANCELLED: {},
}
# fmt: on


def after(state: State, move: Move) -> State | None:
    """Return the state after `move`, or None where it is not possible from `state`."""
    return MOVES[state].get(move)
