"""A ward's name and shift times."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tests.factories import WardFactory
from wards.models import Ward

pytestmark = pytest.mark.django_db

GOOD_TIMES: dict[str, dict[str, time]] = {
    "as in the trust": {},
    "without handover": {
        "early_end": time(14), "late_start": time(14),
        "late_end": time(21), "night_start": time(21),
        "night_end": time(7),
    },
    "twelve hours with a short late": {
        "early_end": time(19), "late_start": time(18),
        "late_end": time(21), "night_start": time(20),
    },
    "the night shift begins just before midnight": {
        "late_end": time(23, 59), "night_start": time(23, 45),
    },
}  # fmt: skip

BAD_TIMES: dict[str, dict[str, time]] = {
    "late before early": {"late_start": time(6)},
    "late with early": {"late_start": time(7)},
    "gap before late": {"late_start": time(14, 45)},
    "gap before night": {"night_start": time(22)},
    "night before late": {"night_start": time(13)},
    "gap after night": {"night_end": time(6, 59)},
    "night into the next late shift": {"night_end": time(14)},
    "night ends at midnight": {"night_end": time(0)},
    "late into the next day": {"late_end": time(0, 30)},
    "early ends before it starts": {"early_end": time(6)},
    "early into the night shift": {"early_end": time(21, 15)},
    "early ends after late": {"early_end": time(22)},
}


@pytest.mark.parametrize("times", GOOD_TIMES.values(), ids=GOOD_TIMES)
def test_shifts_that_cover_the_day_in_order_are_accepted(times: dict[str, time]) -> None:
    ward = Ward(name="Byron", **times)
    ward.save()
    ward.full_clean()


@pytest.mark.parametrize("times", BAD_TIMES.values(), ids=BAD_TIMES)
def test_shifts_that_do_not_cover_the_day_in_order_are_refused(times: dict[str, time]) -> None:
    ward = Ward(name="Byron", slug="byron", **times)
    with pytest.raises(ValidationError, match="follow each other and leave no gap"):
        ward.full_clean()
    with pytest.raises(IntegrityError):
        ward.save()


def test_a_ward_is_known_by_its_name_in_any_case() -> None:
    WardFactory.create(name="Byron")
    with pytest.raises(ValidationError, match="A ward of this name exists already"):
        Ward(name="BYRON").full_clean()


def test_a_wards_address_stays_when_its_name_changes() -> None:
    ward = WardFactory.create(name="Byron Ward")
    ward.name = "Lord Byron"
    ward.save()
    assert ward.slug == "byron-ward"


def test_names_that_differ_in_signs_only_get_different_addresses() -> None:
    wards = [WardFactory.create(name=name) for name in ("Byron 1", "Byron-1", "拜伦", "雪莱")]
    assert len({ward.slug for ward in wards}) == 4
    assert all(ward.slug for ward in wards)
