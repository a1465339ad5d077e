"""What the diary's cards show of an audit."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string
from pytest_django import DjangoAssertNumQueries, Settings

from assurance.card_facts import facts_of
from assurance.readings import in_words
from tasks.actions import complete, reopen
from tasks.models import Task
from tests.assurance.posting import OUT_OF_RANGE, Byron
from tests.factories import AuditTaskFactory, completed
from wards.actors import person

pytestmark = pytest.mark.django_db

Post = Callable[..., Any]

QUARTER_PAST_EIGHT = datetime(2026, 1, 27, 8, 15, 1, tzinfo=UTC)


@pytest.fixture
def task(byron: Byron) -> Task:
    return AuditTaskFactory.create(ward=byron.ward)


def shown(task: Task) -> str:
    """Return the text of the task's sync fact; empty if it has none."""
    task.refresh_from_db()
    fact = facts_of([task]).get(task.pk)
    html = render_to_string(fact.template, {"fact": fact.content}) if fact else ""
    return " ".join(html.replace("<", " <").split())


@time_machine.travel(QUARTER_PAST_EIGHT)
def test_a_synced_task_shows_when_what_and_by_whom(task: Task, post: Post) -> None:
    post(values={"currentTemp": 4.2, "doorClosed": True, "inRange": True})
    text = shown(task)
    assert "Completed by Sarah Johnson on the Assurance Dashboard, synced at 08:15" in text
    assert "· Current temp 4.2" in text
    assert "· Door closed yes" in text
    assert "In range" in text
    assert "green" in text


def test_a_sync_on_another_day_shows_its_date(task: Task, post: Post) -> None:
    with time_machine.travel(datetime(2026, 1, 28, 0, 10, tzinfo=UTC)):
        post()
    assert "at Wed 28 Jan, 00:10" in shown(task)


def test_out_of_range_is_said_in_words_and_colour(task: Task, post: Post) -> None:
    post(values=OUT_OF_RANGE)
    text = shown(task)
    assert "Out of range" in text
    assert "red" in text


def test_a_later_audit_does_not_hide_the_one_out_of_range(task: Task, post: Post) -> None:
    post(values={"currentTemp": 11.5, "inRange": False}, auditId="a")
    post(values={"currentTemp": 4.2, "inRange": True}, auditId="b")
    assert "Out of range" in shown(task)
    assert "11.5" in shown(task)


def test_a_task_done_by_hand_before_shows_the_audit_too(
    byron: Byron, task: Task, post: Post
) -> None:
    completed(task, byron.sarah)
    post(values=OUT_OF_RANGE)
    assert "Out of range" in shown(task)
    assert "Also completed by Sarah Johnson on the Assurance Dashboard" in shown(task)


def test_a_reopened_task_shows_nothing_even_when_done_by_hand_later(
    byron: Byron, task: Task, post: Post
) -> None:
    post()
    task.refresh_from_db()
    reopen(task=task, by=person(byron.sarah))
    assert shown(task) == ""
    complete(task=task, by=person(byron.sarah))
    assert shown(task) == ""


def test_what_was_sent_is_escaped(task: Task, post: Post) -> None:
    post(values={"<b>": "<script>"})
    assert "<script>" not in shown(task)


def test_other_tiers_show_nothing(task: Task, post: Post, settings: Settings) -> None:
    post()
    settings.HUB_TIER = "max"
    assert shown(task) == ""


def test_a_page_of_cards_asks_once(
    byron: Byron, post: Post, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tasks = [AuditTaskFactory.create(ward=byron.ward) for _ in range(6)]
    for number in range(6):
        post(auditId=str(number))
    for task in tasks:
        task.refresh_from_db()
    with django_assert_num_queries(2):
        assert len(facts_of(tasks)) == 6


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"currentTemp": 4.2}, ["Current temp 4.2"]),
        ({"min_temp": 3, "MaxTemp": -1.5}, ["Min temp 3", "Max temp -1.5"]),
        ({"sealIntact": False, "notes": None}, ["Seal intact no"]),
        ({"notes": "x" * 100}, [f"Notes {'x' * 60}…"]),
        ({"inRange": True}, []),
    ],
)
def test_values_in_words(values: dict[str, Any], words: list[str]) -> None:
    assert in_words(values) == words
