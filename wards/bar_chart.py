"""Counts as a drawing: bars of stacked parts, with the numbers in the table beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 24, 160  # of a bar's place, and of the highest bar
LEFT, TOP, FOOT = 48, 12, 24


@dataclass(frozen=True)
class Bar:
    """A bar and what it counts, in the order of its chart's kinds, from below."""

    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """A rectangle of the drawing."""

    kind: str
    x: int
    y: float
    height: float


@dataclass(frozen=True)
class Chart:
    """The drawing; `lines` are heights with their numbers, `labels` places with their words."""

    width: int
    height: int
    bars: Sequence[Bar]
    parts: Sequence[Part]
    lines: Sequence[tuple[float, int]]
    labels: Sequence[tuple[int, str]]
    legend: Sequence[tuple[str, str]]


def draw(bars: Sequence[Bar], kinds: Mapping[str, str], *, highest: int | None = None) -> Chart:
    """Draw `bars`.

    Args:
        kinds: what the parts of a bar are, by the name of their colour.
        highest: what fills the height; the highest bar, if left out.
    """
    most = highest or max([*(sum(bar.counts) for bar in bars), 1])
    return Chart(
        width=LEFT + WIDTH * len(bars),
        height=TOP + HEIGHT + FOOT,
        bars=bars,
        parts=[part for place, bar in enumerate(bars) for part in _bar(place, bar, kinds, most)],
        lines=[(TOP, most), (TOP + HEIGHT, 0)],
        labels=[(LEFT + WIDTH * place, bars[place].label) for place in range(0, len(bars), 4)],
        legend=list(kinds.items()),
    )


def _bar(place: int, bar: Bar, kinds: Mapping[str, str], most: int) -> list[Part]:
    parts, top = [], float(TOP + HEIGHT)
    for kind, count in zip(kinds, bar.counts, strict=True):
        height = HEIGHT * count / most
        top -= height
        if count:
            parts.append(Part(kind, LEFT + WIDTH * place + 2, round(top, 2), round(height, 2)))
    return parts
