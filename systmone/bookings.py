"""What becomes of the Hub's appointment when SystmOne says something of its own: pure rules.

What changed in SystmOne changes in the Hub; what somebody changed in the Hub stays, until SystmOne
changes the same thing, and then it is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Said = Mapping[str, str]
"""The words for each part of an appointment, as they are kept and compared."""

NAMES = {
    "title": "the title",
    "due_on": "the day",
    "time": "the time",
    "place": "the place",
    "attendees": "who attends",
    "instructions": "the comments",
}


class Fate(StrEnum):
    OPEN = "open"
    DONE = "done"
    CALLED_OFF = "called off"


# Source: the appointment statuses of TPP's schemas; others, also none, leave it open.
FATES = {
    "finished": Fate.DONE,
    "did not attend": Fate.CALLED_OFF,
    "patient walked out": Fate.CALLED_OFF,
    "cancelled by patient": Fate.CALLED_OFF,
    "cancelled by organisation": Fate.CALLED_OFF,
}


@dataclass(frozen=True)
class Merge:
    """What changes in the Hub, and which of its own changes give way to that, in its words."""

    new: Said
    replaced: Said


def fate_of(status: str) -> Fate:
    """Return what `status` means for the appointment."""
    return FATES.get(status.strip().lower(), Fate.OPEN)


def merge(*, before: Said, now: Said, here: Said) -> Merge:
    """Compare what SystmOne said `before` and says `now` with what stands `here` in the Hub."""
    changed = {part: now[part] for part in now if now[part] != before.get(part)}
    new = {part: value for part, value in changed.items() if here[part] != value}
    replaced = {part: here[part] for part in new if here[part] != before.get(part)}
    return Merge(new, replaced)


def in_words(replaced: Said) -> str:
    """Say which changes of the Hub's gave way: "the time was 14:00 in the Hub"."""
    return "; ".join(
        f"{NAMES[part]} was {value or 'empty'} in the Hub" for part, value in replaced.items()
    )
