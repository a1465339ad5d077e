"""Which values are out of range: the dashboard says so, or the limits that the trust has set."""

from collections.abc import Callable
from typing import Any

import pytest

from assurance.follow_ups import act_on
from assurance.limits import Limit, is_out_of_range
from assurance.models import ReadingLimit, SyncEvent
from assurance.readings import in_words, verdict_in_words
from tasks.models import Task
from tests.assurance.posting import Byron
from tests.assurance.test_card_facts import shown
from tests.factories import AuditTaskFactory

Post = Callable[..., Any]

FRIDGE = Limit(unit="°C", lowest=2, highest=8)
LIMITS = {"currentTemp": FRIDGE}

TABLE: dict[str, tuple[dict[str, Any], bool]] = {
    "within": ({"currentTemp": 4.2}, False),
    "as low as allowed": ({"currentTemp": 2}, False),
    "as high as allowed": ({"currentTemp": 8.0}, False),
    "too low": ({"currentTemp": 1.9}, True),
    "too high": ({"currentTemp": 8.1}, True),
    "too high, as a text": ({"currentTemp": " 8.1 "}, True),
    "the dashboard says in range": ({"currentTemp": 11.5, "inRange": True}, False),
    "the dashboard says out of range": ({"currentTemp": 4.2, "inRange": False}, True),
    "no number": ({"currentTemp": "warm"}, False),
    "yes is no number": ({"currentTemp": True}, False),
    "left empty": ({"currentTemp": None}, False),
    "another reading": ({"roomTemp": 25}, False),
}


@pytest.mark.parametrize(("values", "expected"), TABLE.values(), ids=TABLE)
def test_the_verdict(values: dict[str, Any], *, expected: bool) -> None:
    assert is_out_of_range(values, LIMITS) is expected


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (FRIDGE, "Hot temp 60 °C (allowed: 2 to 8 °C)"),
        (Limit(unit="", lowest=None, highest=0), "Hot temp 60 (allowed: at most 0)"),
        (Limit(unit="%", lowest=80.5, highest=None), "Hot temp 60 % (allowed: at least 80.5 %)"),
    ],
)
def test_a_reading_outside_says_what_is_allowed(limit: Limit, words: str) -> None:
    assert in_words({"hotTemp": 60}, {"hotTemp": limit}) == [words]


def test_a_reading_within_has_its_unit() -> None:
    assert in_words({"currentTemp": 4.2}, LIMITS) == ["Current temp 4.2 °C"]
    assert verdict_in_words({"currentTemp": 4.2}, LIMITS) == "In range"
    assert verdict_in_words({"currentTemp": 4.2}) == ""


@pytest.fixture
def limit(db: None) -> ReadingLimit:
    return ReadingLimit.objects.create(
        audit_type="fridge_temps", reading="current_temp", unit="°C", lowest=2, highest=8
    )


@pytest.fixture
def task(byron: Byron) -> Task:
    return AuditTaskFactory.create(ward=byron.ward)


@pytest.mark.usefixtures("limit")
def test_a_value_outside_sets_off_its_follow_up(task: Task, post: Post) -> None:
    post(values={"currentTemp": 11.5})
    act_on(event_id=SyncEvent.objects.get().pk)
    urgent = Task.objects.get(follow_up_of=task)
    found = "The audit found: Current temp 11.5 °C (allowed: 2 to 8 °C)."
    assert urgent.instructions == found
    assert "Current temp 11.5 °C (allowed: 2 to 8 °C)" in shown(task)
    assert "Out of range" in shown(task)


def test_what_was_said_of_an_audit_stays_when_the_limits_change(
    limit: ReadingLimit, task: Task, post: Post
) -> None:
    post(values={"currentTemp": 7})
    limit.highest = 5
    limit.save()
    assert "In range" in shown(task)
    limit.delete()
    event = SyncEvent.objects.get()
    assert (event.out_of_range, event.limits) == (
        False,
        {"currentTemp": {"unit": "°C", "lowest": 2.0, "highest": 8.0}},
    )


@pytest.mark.usefixtures("limit")
def test_limits_are_of_one_type_of_audit(byron: Byron, post: Post) -> None:
    AuditTaskFactory.create(ward=byron.ward, audit_type="water_temps")
    post(auditType="water_temps", values={"currentTemp": 60})
    assert SyncEvent.objects.get().out_of_range is False
