"""The five wards of the demo; all of them fictional."""

from dataclasses import dataclass, field
from datetime import time

from wards.models import Ward

BYRON = "Byron"
SHELLEY = "Shelley"
KEATS = "Keats"
WORDSWORTH = "Wordsworth"
DICKINSON = "Dickinson"


@dataclass(frozen=True)
class DemoWard:
    """A ward; its times are the usual ones unless they are given."""

    name: str
    capacity: int
    times: dict[str, time] = field(default_factory=dict)


WARDS = (
    DemoWard(BYRON, 22),
    DemoWard(SHELLEY, 21),
    DemoWard(KEATS, 22),
    DemoWard(WORDSWORTH, 20),
    DemoWard(
        DICKINSON,
        24,
        {
            "early_start": time(7, 30),
            "early_end": time(15, 0),
            "late_start": time(14, 30),
            "late_end": time(22, 0),
            "night_start": time(21, 30),
            "night_end": time(8, 0),
        },
    ),
)


def create_wards() -> dict[str, Ward]:
    """Store the wards and return them by name."""
    return {
        ward.name: Ward.objects.create(name=ward.name, capacity=ward.capacity, **ward.times)
        for ward in WARDS
    }
