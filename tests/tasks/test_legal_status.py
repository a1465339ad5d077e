"""When a section of the Mental Health Act ends."""

from datetime import datetime

import pytest

from tasks.legal_status import SECTIONS, expires_at
from tasks.shifts import LONDON
from wards.models import LegalStatus

# fmt: off
ENDS = [
    # status  began               has no basis from
    ("2",     "2026-11-03 15:20", "2026-12-01 00:00"),  # 28 days, the 3rd is the first
    ("2",     "2026-02-01 23:59", "2026-03-01 00:00"),
    ("2",     "2026-10-20 09:00", "2026-11-17 00:00"),  # the clocks go back meanwhile
    ("3",     "2026-11-01 10:00", "2027-05-01 00:00"),  # the last day is 30 April
    ("3",     "2026-08-31 10:00", "2027-03-01 00:00"),  # there is no 31 February
    ("3",     "2027-08-31 10:00", "2028-03-01 00:00"),  # nor in a leap year
    ("37",    "2026-11-30 10:00", "2027-05-30 00:00"),
    ("47",    "2026-12-15 10:00", "2027-06-15 00:00"),
    ("4",     "2026-11-03 15:20", "2026-11-06 15:20"),
    ("5(2)",  "2026-11-03 15:20", "2026-11-06 15:20"),
    ("5(2)",  "2026-03-27 10:00", "2026-03-30 11:00"),  # 72 real hours: the clocks go forward
    ("5(4)",  "2026-11-03 22:30", "2026-11-04 04:30"),
    ("17E",   "2026-11-03 15:20", "2026-11-06 15:20"),
    ("35",    "2026-11-03 15:20", "2026-12-01 00:00"),
    ("36",    "2026-11-03 15:20", "2026-12-01 00:00"),
    ("38",    "2026-11-03 15:20", "2027-01-26 00:00"),
    ("135",   "2026-11-03 15:20", "2026-11-04 15:20"),
    ("136",   "2026-11-03 15:20", "2026-11-04 15:20"),
]
# fmt: on
WITHOUT_END = ["informal", "37/41", "47/49", "48", "48/49"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(("status", "began", "end"), ENDS)
def test_a_section_ends_when_its_period_is_over(status: str, began: str, end: str) -> None:
    assert expires_at(LegalStatus(status), at(began)) == at(end)


@pytest.mark.parametrize("status", WITHOUT_END)
def test_without_a_period_there_is_no_end(status: str) -> None:
    assert expires_at(LegalStatus(status), at("2026-11-03 15:20")) is None


def test_every_legal_status_but_informal_has_its_row_with_a_source() -> None:
    assert set(SECTIONS) == set(LegalStatus) - {LegalStatus.INFORMAL}
    assert all(section.source.startswith("s.") for section in SECTIONS.values())


def test_every_legal_status_is_tried_here() -> None:
    assert {status for status, _, _ in ENDS} | {*WITHOUT_END} == set(LegalStatus.values)
