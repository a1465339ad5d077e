"""What each action does to the task, its history and the audit log."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError
from django.dispatch import Signal

from audit.models import AuditEvent
from tasks import actions, signals
from tasks.actions import TaskChanged
from tasks.models import Task, TaskEvent
from tests.factories import TaskFactory, WardFactory, member_of
from tests.tasks.test_transitions import perform, task_as
from wards.actors import Actor, Source, person
from wards.models import User, Ward

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)


@pytest.fixture
def ward() -> Ward:
    return WardFactory.create(name="Byron")


@pytest.fixture
def sarah(ward: Ward) -> User:
    return member_of(ward, name="Sarah Johnson")


@pytest.fixture
def tom(ward: Ward) -> User:
    return member_of(ward, name="Tom Baker")


STARTING_POINTS = {
    "claim": ("pending", None),
    "release": ("in_progress", "sarah"),
    "take_over": ("in_progress", "tom"),
    "start": ("pending", None),
    "stop": ("in_progress", "sarah"),
    "complete": ("pending", "tom"),
    "cancel": ("in_progress", "tom"),
    "reopen": ("completed", "tom"),
}


@pytest.mark.parametrize("action", STARTING_POINTS)
def test_an_action_is_one_event_one_audit_event_and_one_version(
    action: str, sarah: User, tom: User
) -> None:
    status, claimed_by = STARTING_POINTS[action]
    task = task_as(status, {"sarah": sarah, "tom": tom}.get(claimed_by or ""))
    perform(action, task, person(sarah, Source.ADMIN))
    event, audit = TaskEvent.objects.get(), AuditEvent.objects.get()
    assert (event.task, event.action, event.by, event.source) == (task, action, sarah, "admin")
    assert (event.by_name, audit.actor_name) == ("Sarah Johnson", "Sarah Johnson")
    assert (audit.action, audit.actor_id) == (f"task.{action}", str(sarah.pk))
    assert (audit.object_type, audit.object_id) == ("task", f"wt{task.pk}")
    assert (audit.ward, audit.source, audit.at) == (task.ward.name, "admin", event.at)
    assert (task.version, Task.objects.get().version) == (2, 2)


@pytest.mark.parametrize(
    ("action", "status", "claimed_by"),
    [
        ("claim", "pending", "sarah"),
        ("release", "pending", None),
        ("take_over", "in_progress", "sarah"),
        ("start", "in_progress", "sarah"),
        ("stop", "pending", "sarah"),
        ("complete", "completed", "tom"),
        ("cancel", "cancelled", "tom"),
        ("reopen", "pending", "tom"),
    ],
)
def test_what_becomes_of_the_task(
    action: str, status: str, claimed_by: str | None, sarah: User, tom: User
) -> None:
    people = {"sarah": sarah, "tom": tom, None: None}
    before, claimant = STARTING_POINTS[action]
    task = perform(action, task_as(before, people[claimant]), person(sarah))
    stored = Task.objects.get(pk=task.pk)
    assert (stored.status, task.status) == (status, status)
    assert stored.claimed_by == people[claimed_by]
    assert (stored.claimed_at is None) is (claimed_by is None)


def test_starting_an_unclaimed_task_claims_it(sarah: User) -> None:
    task = actions.start(task=TaskFactory.create(), by=person(sarah), at=NOON)
    assert (task.claimed_by, task.claimed_at, task.status) == (sarah, NOON, "in_progress")


def test_starting_what_one_has_claimed_keeps_the_time_of_the_claim(sarah: User) -> None:
    task = actions.claim(task=TaskFactory.create(), by=person(sarah), at=NOON)
    actions.start(task=task, by=person(sarah))
    assert (task.claimed_by, task.claimed_at, task.status) == (sarah, NOON, "in_progress")


def test_a_completion_remembers_who_and_when_and_keeps_the_claim(sarah: User, tom: User) -> None:
    task = task_as("in_progress", tom)
    actions.complete(task=task, by=person(sarah), at=NOON)
    assert (task.completed_by, task.completed_by_name) == (sarah, "Sarah Johnson")
    assert (task.completed_at, task.claimed_by) == (NOON, tom)
    assert TaskEvent.objects.get().at == NOON


def test_a_machine_completes_in_its_own_name(ward: Ward) -> None:
    task = actions.complete(task=TaskFactory.create(), by=Actor("Dr Grey", Source.SYNC), at=NOON)
    assert (task.completed_by, task.completed_by_name) == (None, "Dr Grey")
    assert (AuditEvent.objects.get().actor_id, TaskEvent.objects.get().by) == ("", None)


def test_reopening_forgets_the_completion(sarah: User) -> None:
    task = actions.complete(task=TaskFactory.create(), by=person(sarah))
    actions.reopen(task=task, by=person(sarah))
    task.refresh_from_db()
    assert (task.completed_by, task.completed_by_name, task.completed_at) == (None, "", None)
    assert task.is_open


def test_a_cancellation_says_why_in_the_task_and_its_history(sarah: User) -> None:
    task = actions.cancel(task=TaskFactory.create(), by=person(sarah), reason="Patient moved")
    assert (task.cancelled_reason, TaskEvent.objects.get().reason) == ("Patient moved",) * 2
    actions.reopen(task=task, by=person(sarah))
    assert task.cancelled_reason == ""
    assert [event.reason for event in TaskEvent.objects.all()] == ["Patient moved", ""]


def test_a_cancellation_without_a_reason_is_not_kept(sarah: User) -> None:
    with pytest.raises(IntegrityError):
        actions.cancel(task=TaskFactory.create(), by=person(sarah), reason="")


def test_a_free_text_reason_does_not_reach_the_audit_log(sarah: User) -> None:
    actions.cancel(task=TaskFactory.create(), by=person(sarah), reason="Mr Smith has left")
    assert "Smith" not in str(AuditEvent.objects.values().get())


def test_an_action_on_an_older_version_is_told_what_happened_since(sarah: User, tom: User) -> None:
    page = TaskFactory.create()
    actions.start(task=Task.objects.get(), by=person(tom))
    with pytest.raises(TaskChanged) as changed:
        actions.claim(task=page, by=person(sarah))
    assert changed.value.current.claimed_by == tom
    assert changed.value.latest is not None
    assert (changed.value.latest.action, changed.value.latest.by) == ("start", tom)


def test_an_action_on_a_task_that_is_gone_says_so(sarah: User) -> None:
    task = TaskFactory.create()
    Task.objects.all().delete()
    with pytest.raises(Task.DoesNotExist):
        actions.claim(task=task, by=person(sarah))


@pytest.mark.parametrize(
    ("signal", "action", "status"),
    [
        (signals.task_completed, "complete", "pending"),
        (signals.task_reopened, "reopen", "completed"),
        (signals.task_reopened, "reopen", "cancelled"),
    ],
)
def test_rooms_above_are_told_inside_the_transaction(
    signal: Signal, action: str, status: str, sarah: User
) -> None:
    heard: list[tuple[int, str]] = []

    def listen(*, task_id: int, **_: object) -> None:
        heard.append((task_id, Task.objects.get(pk=task_id).status))

    signal.connect(listen)
    try:
        task = perform(action, task_as(status, None), person(sarah))
    finally:
        signal.disconnect(listen)
    assert heard == [(task.pk, task.status)]
