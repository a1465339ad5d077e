"""Whatever two people do, in whatever order, the history tells how the task got where it is."""

from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tasks import actions
from tasks.actions import TaskChanged
from tasks.models import Task, TaskEvent
from tests.factories import TaskFactory, UserFactory
from tests.tasks.test_transitions import perform
from wards.actors import Actor, person

pytestmark = pytest.mark.django_db

NAMES = ("claim", "release", "take_over", "start", "stop", "complete", "cancel", "reopen")
attempts = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 1)), max_size=12)


@dataclass
class Replayed:
    """A task as its history tells it."""

    status: str = "pending"
    claimed_by: int | None = None
    is_begun: bool = False

    def hear(self, event: TaskEvent) -> None:
        if event.action in ("claim", "take_over", "start"):
            self.claimed_by = event.by_id
        if event.action == "release":
            self.claimed_by = None
        if event.action in ("start", "stop", "release"):
            self.is_begun = event.action == "start"
        reopened = "in_progress" if self.is_begun and self.claimed_by else "pending"
        becomes = {
            "release": "pending", "start": "in_progress", "stop": "pending",
            "complete": "completed", "cancel": "cancelled", "reopen": reopened,
        }  # fmt: skip
        self.status = becomes.get(event.action, self.status)


def tried(action: str, task: Task, by: Actor) -> TaskChanged | None:
    """Perform `action` and return nothing, or what the person is told instead."""
    try:
        perform(action, task, by)
    except TaskChanged as changed:
        return changed
    return None


@settings(max_examples=25)
@given(attempts=attempts)
@example(attempts=[("start", 0), ("complete", 0), ("reopen", 0)])
def test_the_history_replays_to_the_tasks_status_and_claim(
    attempts: list[tuple[str, int]],
) -> None:
    people = [person(user) for user in UserFactory.create_batch(2)]
    task = TaskFactory.create()
    told = [tried(action, task, people[who]) for action, who in attempts]
    replayed = Replayed()
    for event in task.events.order_by("pk"):
        replayed.hear(event)
    stored = Task.objects.get(pk=task.pk)
    assert (stored.status, stored.claimed_by_id) == (replayed.status, replayed.claimed_by)
    assert (stored.version, task.events.count()) == (1 + told.count(None), told.count(None))


@settings(max_examples=15)
@given(attempts=attempts)
def test_of_two_pages_that_never_refresh_only_the_newer_one_acts(
    attempts: list[tuple[str, int]],
) -> None:
    people = [person(user) for user in UserFactory.create_batch(2)]
    number = TaskFactory.create().pk
    pages = [Task.objects.get(pk=number), Task.objects.get(pk=number)]
    for action, who in attempts:
        latest = Task.objects.get(pk=number)
        is_stale = latest.version != pages[who].version
        changed = tried(action, pages[who], people[who])
        if changed:
            assert changed.current.version == latest.version
        else:
            assert not is_stale


def test_a_history_tells_who_did_what_in_order() -> None:
    sarah, tom = UserFactory.create(name="Sarah"), UserFactory.create(name="Tom")
    task = TaskFactory.create()
    actions.claim(task=task, by=person(sarah))
    actions.take_over(task=task, by=person(tom))
    actions.complete(task=task, by=person(tom))
    assert [str(event) for event in task.events.all()] == [
        "claimed by Sarah", "taken over by Tom", "completed by Tom",
    ]  # fmt: skip
