"""The invented unit as a whole."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime, time
from functools import lru_cache
from itertools import count

from systmone.simulator.clock import LOCAL
from systmone.simulator.documents import Element, build
from systmone.simulator.fiction.chance import chance_for
from systmone.simulator.fiction.history import Author, Story, history
from systmone.simulator.fiction.names import WARDS
from systmone.simulator.fiction.organisation import dictionary, sites, slots, types, users
from systmone.simulator.fiction.patients import demographics, identity, synthetic_nhs_numbers
from systmone.simulator.fiction.ward_work import non_clinical
from systmone.simulator.signature import signed_name
from systmone.simulator.uids import uid_of

PATIENTS_PER_WARD = 20
UNIT_NAME = "Fernhollow Mental Health Unit"


def fictional_unit(seed: int, today: date) -> Element:
    """Return the unit that belongs to this seed, looking current on this day; a new copy each."""
    return deepcopy(_unit(seed, today))


@lru_cache(maxsize=8)
def _unit(seed: int, today: date) -> Element:
    uids = count(1)
    staff = users()
    free = slots(today)
    patients = build("Patients", _patients(seed, today, staff, list(free), uids))
    return build(
        "Unit",
        [sites(), staff, *types(), *dictionary(), free, patients, build("Devices")],
        Name=UNIT_NAME,
        uids=str(next(uids)),
    )


def _patients(
    seed: int, today: date, staff: Element, free: list[Element], uids: Iterator[int]
) -> Iterator[Element]:
    chance = chance_for(seed, "patients")
    numbers = synthetic_nhs_numbers(chance, len(WARDS) * PATIENTS_PER_WARD)
    now = datetime.combine(today, time(1), LOCAL)
    for place, number in enumerate(numbers):
        ward = WARDS[place // PATIENTS_PER_WARD]
        nurse = staff[place % len(staff)]
        author = Author(nurse.findtext("UserName") or "", signed_name(nurse), ward)
        story = Story(chance, place, now, author, lambda: uid_of(next(uids)))
        slot = free[place] if place % 3 == 0 else None
        clinical, documents = history(story)
        yield build(
            "Patient",
            [
                identity(place, number),
                demographics(chance, place, today),
                clinical,
                non_clinical(story, slot),
                documents,
            ],
            ward=ward,
        )
