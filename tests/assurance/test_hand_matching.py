"""Who runs a ward says which task a kept audit belongs to, or that none does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from assurance.hand_matching import NotAsShown, match_by_hand, set_aside
from assurance.models import Outcome, SyncAlert, SyncEvent
from assurance.sync import match_kept
from audit.models import AuditEvent
from tasks.actions import cancel
from tasks.models import AuditType, Shift, Status, Task, TaskEvent
from tests.assurance.posting import Byron
from tests.factories import (
    TODAY,
    AuditTaskFactory,
    TaskFactory,
    WardFactory,
    completed,
    member_of,
    senior_admin,
)
from tests.threads import at_once
from wards.actors import Actor, Source, person
from wards.models import Role, User

Post = Callable[..., Any]

PAGE = "/admin/assurance/syncevent/kept/"
SAMIR = Actor("Samir Shah", Source.ADMIN)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _morning() -> Any:
    with time_machine.travel(datetime(2026, 1, 27, 8, 30, tzinfo=UTC)):
        yield


@pytest.fixture
def kept(byron: Byron, post: Post) -> SyncEvent:
    assert post().json()["error"] == "NO_MATCHING_TASK"
    return SyncEvent.objects.get()


@pytest.fixture
def task(byron: Byron) -> Task:
    """One that the rule would not find: it is due tomorrow."""
    return AuditTaskFactory.create(ward=byron.ward, due_on=TOMORROW)


@pytest.fixture
def manager(byron: Byron) -> User:
    return member_of(byron.ward, role=Role.WARD_ADMIN)


@pytest.fixture
def page(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def shown(page: Client, address: str = PAGE) -> str:
    response = page.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def address(event: SyncEvent, name: str) -> str:
    return f"/admin/assurance/syncevent/{event.pk}/{name}/"


@pytest.mark.django_db
class TestAction:
    def test_the_task_is_completed_by_who_did_the_audit(
        self, byron: Byron, kept: SyncEvent, task: Task, post: Post
    ) -> None:
        match_by_hand(event=kept, task=task, by=SAMIR)
        kept.refresh_from_db()
        task.refresh_from_db()
        assert (kept.outcome, kept.task) == (Outcome.COMPLETED, task)
        assert (task.completed_by, task.completed_at) == (byron.sarah, kept.completed_at)
        assert TaskEvent.objects.get(task=task).source == Source.SYNC
        matched = AuditEvent.objects.get(action="sync_event.match_by_hand")
        assert (matched.actor_name, matched.ward) == ("Samir Shah", "Byron")
        assert post().json()["taskId"] == task.public_id

    def test_a_value_out_of_range_is_followed_up_then(
        self, byron: Byron, task: Task, post: Post
    ) -> None:
        post(values={"currentTemp": 11.5, "inRange": False})
        event = match_by_hand(event=SyncEvent.objects.get(), task=task, by=SAMIR)
        assert event.needs_follow_up
        assert event.followed_up_at is None

    def test_another_type_of_audit_may_be_chosen(self, byron: Byron, kept: SyncEvent) -> None:
        other = AuditTaskFactory.create(ward=byron.ward, audit_type=AuditType.WATER_TEMPS)
        match_by_hand(event=kept, task=other, by=SAMIR)
        other.refresh_from_db()
        assert other.status == Status.COMPLETED

    @pytest.mark.parametrize("what", ["done", "cancelled", "no audit", "of another ward"])
    def test_only_an_open_audit_task_of_the_ward_can_be(
        self, byron: Byron, kept: SyncEvent, task: Task, what: str
    ) -> None:
        match what:
            case "done":
                completed(task, byron.sarah)
            case "cancelled":
                cancel(task=task, by=person(byron.sarah), reason="Fridge is away")
            case "no audit":
                task = TaskFactory.create(ward=byron.ward)
            case "of another ward":
                task = AuditTaskFactory.create()
        with pytest.raises(NotAsShown):
            match_by_hand(event=kept, task=task, by=SAMIR)
        kept.refresh_from_db()
        assert kept.outcome == Outcome.NO_MATCHING_TASK

    def test_what_is_set_aside_is_matched_no_more(
        self, byron: Byron, kept: SyncEvent, task: Task, post: Post
    ) -> None:
        before = post().content
        set_aside(event=kept, reason="Done twice", by=SAMIR)
        AuditTaskFactory.create(ward=byron.ward)
        assert match_kept(ward_ids=[byron.ward.pk]) == []
        with pytest.raises(NotAsShown):
            match_by_hand(event=kept, task=task, by=SAMIR)
        with pytest.raises(NotAsShown):
            set_aside(event=kept, reason="Again", by=SAMIR)
        kept.refresh_from_db()
        assert (kept.set_aside_by_name, kept.set_aside_reason) == ("Samir Shah", "Done twice")
        assert AuditEvent.objects.filter(action="sync_event.set_aside").count() == 1
        assert not SyncAlert.objects.standing().exists()
        assert post().content == before


@pytest.mark.django_db(transaction=True)
def test_two_who_match_at_once_complete_one_task(byron: Byron, kept: SyncEvent) -> None:
    tasks = [AuditTaskFactory.create(ward=byron.ward, due_on=TOMORROW) for _ in range(4)]
    results = at_once(*[partial(match_by_hand, event=kept, task=one, by=SAMIR) for one in tasks])
    assert sorted(type(result).__name__ for result in results) == [
        *["NotAsShown"] * 3,
        "SyncEvent",
    ]
    assert Task.objects.filter(status=Status.COMPLETED).count() == 1


@pytest.mark.django_db
class TestPage:
    def test_it_suggests_the_nearest_task_of_the_type_and_says_why(
        self, byron: Byron, kept: SyncEvent, page: Client, task: Task
    ) -> None:
        for day, shift in ((YESTERDAY, Shift.EARLY), (TOMORROW, Shift.NIGHT)):
            AuditTaskFactory.create(ward=byron.ward, due_on=day, shift=shift)
        AuditTaskFactory.create(ward=byron.ward, audit_type=AuditType.WATER_TEMPS)
        text = shown(page)
        assert (
            "Suggested: <strong>Fridge temperature, Mon 26 Jan, early</strong>, the nearest open "
            "task of this type of audit; the audit was completed 17 hours after its shift ended."
        ) in text
        assert "Fridge temperature, Wed 28 Jan, early</option>" in text
        assert "Completed by Sarah Johnson. Current temp 4.2." in text

    @pytest.mark.parametrize(
        ("days", "why"), [(0, "during its shift"), (1, "22 hours before its shift began")]
    )
    def test_the_reason_fits_the_time(
        self, byron: Byron, kept: SyncEvent, page: Client, days: int, why: str
    ) -> None:
        AuditTaskFactory.create(ward=byron.ward, due_on=TODAY + timedelta(days=days))
        assert f"the audit was completed {why}." in shown(page)

    def test_a_task_days_away_or_of_another_type_is_offered_but_not_suggested(
        self, byron: Byron, kept: SyncEvent, page: Client
    ) -> None:
        AuditTaskFactory.create(ward=byron.ward, due_on=TODAY + timedelta(days=5))
        AuditTaskFactory.create(ward=byron.ward, audit_type="water_temps", title="Water")
        text = shown(page)
        assert "Suggested" not in text
        assert "Fridge temperature, Sun 1 Feb, early</option>" in text
        assert "Water, Tue 27 Jan, early</option>" in text

    def test_the_chosen_task_is_matched(
        self, kept: SyncEvent, page: Client, task: Task, manager: User
    ) -> None:
        answer = page.post(address(kept, "match"), {"task": task.pk}, follow=True)
        assert f"Matched: {task.public_id}, Fridge temperature, is complete." in str(answer.content)
        assert "Every audit that came has its task." in answer.content.decode()
        matched = AuditEvent.objects.get(action="sync_event.match_by_hand")
        assert matched.actor_name == manager.name

    @pytest.mark.parametrize("chosen", ["", "0", "999999", "x"])
    def test_without_a_task_of_the_list_it_says_what_to_do(
        self, kept: SyncEvent, page: Client, task: Task, chosen: str
    ) -> None:
        answer = page.post(address(kept, "match"), {"task": chosen})
        assert answer.status_code == 200
        assert "Nothing was changed: correct what is marked below." in answer.content.decode()
        problem = "This task is not open any more" if chosen else "Choose the task that the audit"
        assert problem in answer.content.decode()

    def test_it_is_set_aside_with_a_reason(self, kept: SyncEvent, page: Client) -> None:
        without = page.post(address(kept, "set-aside"), {"reason": " "})
        assert "Say why no task belongs to the audit." in without.content.decode()
        too_long = page.post(address(kept, "set-aside"), {"reason": "x" * 301})
        assert "x" * 301 in too_long.content.decode()  # what was typed is not lost
        answer = page.post(address(kept, "set-aside"), {"reason": "Done twice"}, follow=True)
        assert "Set aside: no task belongs to it." in answer.content.decode()
        kept.refresh_from_db()
        assert kept.set_aside_reason == "Done twice"

    def test_what_was_set_aside_by_mistake_is_kept_again(
        self,
        byron: Byron,
        kept: SyncEvent,
        page: Client,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        set_aside(event=kept, reason="Done twice", by=SAMIR)
        assert "Tue 27 Jan 2026, 08:14: Done twice (Samir Shah, 27 Jan, 08:30)" in shown(page)
        with django_capture_on_commit_callbacks() as wake_ups:
            answer = page.post(address(kept, "take-up"), follow=True)
        assert "The audit is kept again." in answer.content.decode()
        assert len(wake_ups) == 1
        AuditTaskFactory.create(ward=byron.ward)
        assert match_kept(ward_ids=[byron.ward.pk]) == [kept]
        assert AuditEvent.objects.filter(action="sync_event.take_up_again").count() == 1
        again = page.post(address(kept, "take-up"), follow=True)
        assert "Nothing was changed" in again.content.decode()

    def test_who_comes_too_late_is_told(self, kept: SyncEvent, page: Client, task: Task) -> None:
        match_by_hand(event=kept, task=task, by=SAMIR)
        for name, data in (("match", {"task": task.pk}), ("set-aside", {"reason": "Twice"})):
            answer = page.post(address(kept, name), data, follow=True)
            assert "Nothing was changed" in answer.content.decode()

    def test_it_lists_the_wards_that_the_person_runs(
        self, byron: Byron, kept: SyncEvent, page: Client
    ) -> None:
        keats = WardFactory.create(name="Keats")
        SyncEvent.objects.filter(pk=kept.pk).update(ward=keats)
        assert "Fridge temperature, Keats" not in shown(page)
        assert page.post(address(kept, "match"), {"task": 1}).status_code == 404
        page.force_login(senior_admin())
        assert "Fridge temperature, Keats" in shown(page)
        assert "Fridge temperature, Keats" not in shown(page, f"{PAGE}?ward=byron")

    def test_it_takes_as_many_queries_however_many_wait(
        self, byron: Byron, kept: SyncEvent, page: Client, post: Post
    ) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                shown(page)
            return len(captured)

        before = queries()
        for number in range(5):
            post(auditId=str(number))
            AuditTaskFactory.create(ward=byron.ward, due_on=TOMORROW)
        assert queries() == before
