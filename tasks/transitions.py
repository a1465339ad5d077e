"""What may be done to a task, when, by whom, and what becomes of it: one table.

Source: domain.md, "Work in the diary".
"""

from dataclasses import dataclass
from enum import Enum, auto

from tasks.models import Status, Task, TaskEvent
from wards.models import User

Action = TaskEvent.Action

PENDING = frozenset({Status.PENDING})
STARTED = frozenset({Status.IN_PROGRESS})
OPEN = frozenset({Status.PENDING, Status.IN_PROGRESS})
CLOSED = frozenset({Status.COMPLETED, Status.CANCELLED})


class Claimed(Enum):
    """Whose claim on the task an action needs."""

    BY_ANYBODY = auto()
    BY_NOBODY = auto()
    BY_ME = auto()
    BY_ME_OR_NOBODY = auto()
    BY_A_COLLEAGUE = auto()


class Claim(Enum):
    """What an action does to the claim."""

    STAYS = auto()
    MINE = auto()
    ENDS = auto()


@dataclass(frozen=True)
class Transition:
    """From which states, under whose claim; to which state (`None`: stays), with what claim."""

    sources: frozenset[Status]
    claimed: Claimed
    target: Status | None
    claim: Claim


# fmt: off
TRANSITIONS = {
    #                            from     claimed                  to                  the claim
    Action.CLAIM:     Transition(PENDING, Claimed.BY_NOBODY,       None,               Claim.MINE),
    Action.RELEASE:   Transition(OPEN,    Claimed.BY_ME,           Status.PENDING,     Claim.ENDS),
    Action.TAKE_OVER: Transition(OPEN,    Claimed.BY_A_COLLEAGUE,  None,               Claim.MINE),
    Action.START:     Transition(PENDING, Claimed.BY_ME_OR_NOBODY, Status.IN_PROGRESS, Claim.MINE),
    Action.STOP:      Transition(STARTED, Claimed.BY_ME,           Status.PENDING,     Claim.STAYS),
    Action.COMPLETE:  Transition(OPEN,    Claimed.BY_ANYBODY,      Status.COMPLETED,   Claim.STAYS),
    Action.CANCEL:    Transition(OPEN,    Claimed.BY_ANYBODY,      Status.CANCELLED,   Claim.STAYS),
    # Begun work is in progress again: see `tasks.actions`.
    Action.REOPEN:    Transition(CLOSED,  Claimed.BY_ANYBODY,      Status.PENDING,     Claim.STAYS),
}
# fmt: on


def is_allowed(action: Action, task: Task, user: User | None) -> bool:
    """Say whether `user` (`None`: a machine, which claims nothing) may do `action` to `task`."""
    transition = TRANSITIONS[action]
    if user is None and transition.claim is Claim.MINE:
        return False
    return task.status in transition.sources and _claim_fits(transition.claimed, task, user)


def _claim_fits(needed: Claimed, task: Task, user: User | None) -> bool:
    unclaimed = task.claimed_by_id is None
    mine = user is not None and task.claimed_by_id == user.pk
    match needed:
        case Claimed.BY_ANYBODY:
            return True
        case Claimed.BY_NOBODY:
            return unclaimed
        case Claimed.BY_ME:
            return mine
        case Claimed.BY_ME_OR_NOBODY:
            return mine or unclaimed
        case Claimed.BY_A_COLLEAGUE:
            return not unclaimed and not mine
