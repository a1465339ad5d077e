"""A task in SystmOne and in the Hub: what each side's change means for the Hub's. Pure rules.

Each side's change wins where only it changed. Where both did, what is done stays or becomes done,
and a person is told. The Hub cannot close a task in SystmOne: its API offers no way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from django.db.models import TextChoices


class Side(TextChoices):
    """How the task stands on one side; SystmOne tells only whether it is open."""

    OPEN = "open", "open"
    DONE = "done", "done"
    CALLED_OFF = "called_off", "called off"


class Do(Enum):
    NOTHING = auto()
    COMPLETE = auto()
    REOPEN = auto()


class Changed(Enum):
    NEITHER = auto()
    HERE = auto()
    THERE = auto()
    BOTH = auto()


@dataclass(frozen=True)
class Outcome:
    """What is done to the Hub's task, and what a person has to know; empty: nothing."""

    do: Do
    conflict: str = ""


NOTHING = Outcome(Do.NOTHING)
COMPLETE = Outcome(Do.COMPLETE)
REOPEN = Outcome(Do.REOPEN)
OPENED_AGAIN_THERE = Outcome(Do.NOTHING, "Done here, and meanwhile opened again in SystmOne")
OFF_HERE = Outcome(Do.NOTHING, "Called off here, and meanwhile opened again in SystmOne")
OPENED_AGAIN_HERE = Outcome(Do.COMPLETE, "Opened again here, and meanwhile done in SystmOne: done")
DONE_THERE = Outcome(Do.COMPLETE, "Called off here, and meanwhile done in SystmOne: done")

# fmt: off
TABLE: Mapping[tuple[Changed, Side, Side], Outcome] = {
    # who changed          here             there
    (Changed.NEITHER, Side.OPEN,       Side.OPEN): NOTHING,
    (Changed.NEITHER, Side.OPEN,       Side.DONE): NOTHING,
    (Changed.NEITHER, Side.DONE,       Side.OPEN): NOTHING,
    (Changed.NEITHER, Side.DONE,       Side.DONE): NOTHING,
    (Changed.NEITHER, Side.CALLED_OFF, Side.OPEN): NOTHING,
    (Changed.NEITHER, Side.CALLED_OFF, Side.DONE): NOTHING,
    (Changed.HERE,    Side.OPEN,       Side.OPEN): NOTHING,
    (Changed.HERE,    Side.OPEN,       Side.DONE): NOTHING,
    (Changed.HERE,    Side.DONE,       Side.OPEN): NOTHING,
    (Changed.HERE,    Side.DONE,       Side.DONE): NOTHING,
    (Changed.HERE,    Side.CALLED_OFF, Side.OPEN): NOTHING,
    (Changed.HERE,    Side.CALLED_OFF, Side.DONE): NOTHING,
    (Changed.THERE,   Side.OPEN,       Side.OPEN): NOTHING,
    (Changed.THERE,   Side.OPEN,       Side.DONE): COMPLETE,
    (Changed.THERE,   Side.DONE,       Side.OPEN): REOPEN,
    (Changed.THERE,   Side.DONE,       Side.DONE): NOTHING,
    (Changed.THERE,   Side.CALLED_OFF, Side.OPEN): NOTHING,
    (Changed.THERE,   Side.CALLED_OFF, Side.DONE): NOTHING,
    (Changed.BOTH,    Side.OPEN,       Side.OPEN): NOTHING,
    (Changed.BOTH,    Side.OPEN,       Side.DONE): OPENED_AGAIN_HERE,
    (Changed.BOTH,    Side.DONE,       Side.OPEN): OPENED_AGAIN_THERE,
    (Changed.BOTH,    Side.DONE,       Side.DONE): NOTHING,
    (Changed.BOTH,    Side.CALLED_OFF, Side.OPEN): OFF_HERE,
    (Changed.BOTH,    Side.CALLED_OFF, Side.DONE): DONE_THERE,
}
# fmt: on


def who_changed(*, before_here: Side, here: Side, before_there: Side, there: Side) -> Changed:
    """Return which side is not as it was when the two were compared last."""
    match here != before_here, there != before_there:
        case True, True:
            return Changed.BOTH
        case True, False:
            return Changed.HERE
        case False, True:
            return Changed.THERE
    return Changed.NEITHER


def merge(*, before_here: Side, here: Side, before_there: Side, there: Side) -> Outcome:
    """Return what becomes of the Hub's task."""
    changed = who_changed(
        before_here=before_here, here=here, before_there=before_there, there=there
    )
    return TABLE[changed, here, there]
