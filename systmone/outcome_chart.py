"""Outcomes by hour as a drawing: bars of stacked parts, with the numbers in the table beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from systmone.models import Attempt

End = Attempt.Outcome

# What is told apart on the page, in the order of the parts from below; the keys name its colours.
KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "answered": ("Answered", (End.ANSWERED,)),
    "refused": ("Refused", (End.REFUSED, End.LATER, End.BLOCKED)),
    "unclear": ("No clear answer", (End.UNCLEAR, End.NOT_THE_PROTOCOL)),
    "not-sent": ("Not sent", (End.NOT_SENT,)),
}

WIDTH, HEIGHT = 24, 160  # of a bar's place, and of the highest bar
LEFT, TOP, FOOT = 48, 12, 24


@dataclass(frozen=True)
class Hour:
    """What came of the attempts that began within an hour, in the order of `KINDS`."""

    begins: datetime
    counts: tuple[int, ...]

    @classmethod
    def of(cls, begins: datetime, outcomes: Mapping[str, int]) -> "Hour":
        """Return the hour that `begins` then, by how often it had each of `outcomes`."""
        counts = (sum(outcomes.get(end, 0) for end in ends) for _, ends in KINDS.values())
        return cls(timezone.localtime(begins), tuple(counts))

    @property
    def clock(self) -> str:
        return f"{self.begins:%H:%M}"


@dataclass(frozen=True)
class Part:
    """A rectangle of the drawing."""

    kind: str
    x: int
    y: float
    height: float


@dataclass(frozen=True)
class Chart:
    """The drawing; `lines` are heights with their numbers, `labels` places with their hours."""

    width: int
    height: int
    parts: Sequence[Part]
    lines: Sequence[tuple[float, int]]
    labels: Sequence[tuple[int, str]]
    legend: Sequence[tuple[str, str]]


def chart_of(hours: Sequence[Hour]) -> Chart:
    """Draw `hours`."""
    most = max([*(sum(hour.counts) for hour in hours), 1])
    return Chart(
        width=LEFT + WIDTH * len(hours),
        height=TOP + HEIGHT + FOOT,
        parts=[part for place, hour in enumerate(hours) for part in _bar(place, hour, most)],
        lines=[(TOP, most), (TOP + HEIGHT, 0)],
        labels=[(LEFT + WIDTH * place, hours[place].clock) for place in range(0, len(hours), 4)],
        legend=[(kind, label) for kind, (label, _) in KINDS.items()],
    )


def _bar(place: int, hour: Hour, most: int) -> list[Part]:
    parts, top = [], float(TOP + HEIGHT)
    for kind, count in zip(KINDS, hour.counts, strict=True):
        height = HEIGHT * count / most
        top -= height
        if count:
            parts.append(Part(kind, LEFT + WIDTH * place + 2, round(top, 2), round(height, 2)))
    return parts
