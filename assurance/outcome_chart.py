"""What came of the audits that were posted, day by day, as a drawing."""

from collections.abc import Mapping
from datetime import date

from assurance.models import Outcome
from assurance.models.event import REFUSALS, SUCCESSES
from wards.bar_chart import Bar, Chart, draw

AGAIN = (Outcome.REPEATED, Outcome.CORRECTED, Outcome.IN_PROGRESS)
REFUSED = tuple(outcome for outcome in REFUSALS if outcome not in AGAIN)

# What is told apart on the page, in the order of the parts from below; the keys name its colours.
KINDS: Mapping[str, tuple[str, tuple[Outcome, ...]]] = {
    "answered": ("Found its task", SUCCESSES),
    "refused": ("No matching task", (Outcome.NO_MATCHING_TASK,)),
    "unclear": ("Refused", (Outcome.WARD_MISMATCH, *REFUSED)),
    "not-sent": ("Sent again", AGAIN),
}
OTHER = "other"


def chart_of(counts: Mapping[date, Mapping[str, int]]) -> Chart:
    """Draw how often each outcome came on each day."""
    labels = {kind: label for kind, (label, _) in KINDS.items()} | {OTHER: "Other"}
    bars = [Bar(f"{day.day} {day:%b}", _parts(outcomes)) for day, outcomes in counts.items()]
    return draw(bars, labels)


def _parts(outcomes: Mapping[str, int]) -> tuple[int, ...]:
    told = [sum(outcomes.get(one, 0) for one in ours) for _, ours in KINDS.values()]
    return (*told, sum(outcomes.values()) - sum(told))
