"""What came of the attempts, hour by hour, as a drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from systmone.models import Attempt
from wards.bar_chart import Bar, Chart, draw

End = Attempt.Outcome

# What is told apart on the page, in the order of the parts from below; the keys name its colours.
KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "answered": ("Answered", (End.ANSWERED,)),
    "refused": ("Refused", (End.REFUSED, End.LATER, End.BLOCKED)),
    "unclear": ("No clear answer", (End.UNCLEAR, End.NOT_THE_PROTOCOL)),
    "not-sent": ("Not sent", (End.NOT_SENT,)),
}


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


def chart_of(hours: Sequence[Hour]) -> Chart:
    """Draw `hours`."""
    labels = {kind: label for kind, (label, _) in KINDS.items()}
    return draw([Bar(hour.clock, hour.counts) for hour in hours], labels)
