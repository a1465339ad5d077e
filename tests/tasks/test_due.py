"""When work of each kind is due, and the order of appointments."""

from datetime import date, time
from typing import Any

import pytest

from tasks.due import in_order_of_the_day, window_of
from tasks.models import Kind, Task
from tasks.shifts import LONDON
from wards.models import Ward

BYRON = Ward(name="Byron")
DAY = date(2026, 3, 28)  # in the night to the 29th the clocks go forward

# fmt: off
WINDOWS: list[tuple[Kind, dict[str, Any], str, str]] = [
    (Kind.WARD,        {"shift": "early"},   "28 07:00", "28 14:30"),
    (Kind.WARD,        {"shift": "night"},   "28 21:00", "29 07:30"),
    (Kind.PATIENT,     {},                   "28 00:00", "29 00:00"),
    (Kind.APPOINTMENT, {"time": time(10)},   "28 10:00", "28 11:00"),
    (Kind.APPOINTMENT, {"time": time(23)},   "28 23:00", "29 00:00"),
    (Kind.APPOINTMENT, {"day_part": "am"},   "28 00:00", "28 12:00"),
    (Kind.APPOINTMENT, {"day_part": "pm"},   "28 12:00", "28 18:00"),
]
# fmt: on


@pytest.mark.parametrize(("kind", "facts", "start", "end"), WINDOWS)
def test_a_task_is_due_in_its_window_of_local_time(
    kind: Kind, facts: dict[str, Any], start: str, end: str
) -> None:
    window = window_of(Task(kind=kind, due_on=DAY, **facts), BYRON)
    shown = [f"{moment.astimezone(LONDON):%d %H:%M}" for moment in (window.start, window.end)]
    assert shown == [start, end]


def test_appointments_stand_in_the_order_of_the_day() -> None:
    facts: list[dict[str, Any]] = [
        {"day_part": "pm"},
        {"time": time(19)},
        {"time": time(12)},
        {"day_part": "am"},
        {"time": time(11, 30)},
        {"time": time(9)},
    ]
    tasks = [Task(kind=Kind.APPOINTMENT, due_on=DAY, **one) for one in facts]
    order = [task.time or task.day_part for task in sorted(tasks, key=in_order_of_the_day)]
    assert order == [time(9), time(11, 30), "am", time(12), time(19), "pm"]
