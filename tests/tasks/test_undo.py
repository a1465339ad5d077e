"""Undo puts a task back as it was before the click."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from tasks import actions
from tasks.models import Task
from tests.factories import TaskFactory, member_of
from wards.actors import person
from wards.models import User

pytestmark = pytest.mark.django_db

EARLIER = datetime(2026, 1, 27, 8, 0, tzinfo=UTC)
FACTS = ("status", "claimed_by", "claimed_at", "completed_by", "completed_at")


@pytest.fixture
def sarah() -> User:
    return member_of(TaskFactory.create().ward)


@pytest.fixture
def page(client: Client, sarah: User) -> Client:
    client.force_login(sarah)
    return client


def facts(task: Task) -> dict[str, Any]:
    found: dict[str, Any] = Task.objects.values(*FACTS).get(pk=task.pk)
    return found


def click(page: Client, task: Task, action: str) -> str:
    """Press a button of the task as it now stands; return what the page then shows."""
    version = Task.objects.get(pk=task.pk).version
    data = {"action": action, "version": version, "day": "2026-01-27"}
    answer = page.post(f"/tasks/{task.public_id}/act/", data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def undo_in(text: str) -> str:
    """Return the action of the Undo that the page offers."""
    found = re.search(r'id="undo-[^>]* value="(\w+)"', text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("claimed_at", "action", "said"),
    [
        (None, "claim", "You have released Safety huddle."),
        (None, "start", "You have released Safety huddle."),
        (EARLIER, "start", "Safety huddle is to do again. You still have it."),
        (None, "complete", "Safety huddle is to do again."),
        (EARLIER, "complete", "Safety huddle is to do again."),
    ],
)
def test_undo_puts_back_what_was_before(
    claimed_at: datetime | None, action: str, said: str, page: Client, sarah: User
) -> None:
    task = TaskFactory.create(
        ward=sarah.memberships.get().ward,
        claimed_by=sarah if claimed_at else None,
        claimed_at=claimed_at,
    )
    before = facts(task)
    undo = undo_in(click(page, task, action))
    assert facts(task) != before
    assert said in click(page, task, undo)
    assert facts(task) == before


@pytest.mark.parametrize(
    ("steps", "status", "said"),
    [
        (["start"], "in_progress", "Safety huddle is in progress again."),
        (["start", "stop"], "pending", "Safety huddle is to do again."),
        (["start", "release"], "pending", "Safety huddle is to do again."),
        (["start", "release", "claim"], "pending", "Safety huddle is to do again."),
        (["start", "complete", "reopen"], "in_progress", "Safety huddle is in progress again."),
        (["start", "complete", "reopen", "stop"], "pending", "Safety huddle is to do again."),
    ],
)
def test_undoing_a_completion_takes_begun_work_up_as_begun(
    steps: list[str], status: str, said: str, page: Client, sarah: User
) -> None:
    task = TaskFactory.create(ward=sarah.memberships.get().ward)
    for step in steps:
        click(page, task, step)
    before = facts(task)
    undo = undo_in(click(page, task, "complete"))
    assert said in click(page, task, undo)
    assert facts(task) == before
    assert before["status"] == status


def test_undoing_a_colleagues_completion_gives_begun_work_back_to_who_had_it(
    page: Client, sarah: User
) -> None:
    task = TaskFactory.create(ward=sarah.memberships.get().ward)
    tom = member_of(task.ward)
    actions.complete(task=actions.start(task=task, by=person(tom)), by=person(sarah))
    click(page, task, "reopen")
    task.refresh_from_db()
    assert (task.status, task.claimed_by) == ("in_progress", tom)


@pytest.mark.parametrize("status", ["pending", "in_progress"])
def test_undoing_a_release_takes_the_work_up_where_it_was(
    status: str, page: Client, sarah: User
) -> None:
    task = TaskFactory.create(
        ward=sarah.memberships.get().ward, status=status, claimed_by=sarah, claimed_at=EARLIER
    )
    click(page, task, undo_in(click(page, task, "release")))
    task.refresh_from_db()
    assert (task.status, task.claimed_by) == (status, sarah)
