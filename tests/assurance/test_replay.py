"""An event is processed again by a person, once what stood in its way has been put right."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from assurance.hand_matching import set_aside
from assurance.jobs import follow_up
from assurance.models import Outcome, ReadingLimit, SyncEvent
from assurance.models.event import AGAIN, SUCCESSES
from assurance.replay import NotReplayable, replay
from audit.models import AuditEvent
from tasks.models import Status, Task
from tests.assurance.events import event_of
from tests.assurance.posting import OUT_OF_RANGE, Byron
from tests.factories import AuditTaskFactory, WardFactory, member_of
from wards.actors import Actor, Source
from wards.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_morning")]

Post = Callable[..., Any]

SAMIR = Actor("Samir Patel", Source.ADMIN)


@pytest.fixture
def _morning() -> Any:
    with time_machine.travel(datetime(2026, 1, 27, 8, 15, 1, tzinfo=UTC)):
        yield


@pytest.fixture
def task(byron: Byron) -> Task:
    return AuditTaskFactory.create(ward=byron.ward)


def refused(post: Post, **changes: Any) -> SyncEvent:
    assert post(**changes).json()["error"] == "WARD_MISMATCH"
    return SyncEvent.objects.get()


def test_an_audit_of_somebody_unknown_completes_its_task_once_they_are_known(
    byron: Byron, task: Task, post: Post
) -> None:
    event = refused(post, completedBy="Grace Mensah")
    grace = member_of(byron.ward, name="Grace Mensah")
    with time_machine.travel(datetime(2026, 1, 27, 11, tzinfo=UTC)):
        replay(event=event, by=SAMIR)
    task.refresh_from_db()
    event.refresh_from_db()
    assert (task.status, task.completed_by) == (Status.COMPLETED, grace)
    assert task.completed_at == event.completed_at
    assert (event.outcome, event.task, event.details) == (Outcome.COMPLETED, task, [])
    assert event.synced_at == datetime(2026, 1, 27, 11, tzinfo=UTC)
    assert AuditEvent.objects.filter(action="sync_event.replay", outcome="done").count() == 1


def test_an_audit_of_an_unknown_ward_finds_the_ward_that_has_the_name_now(
    byron: Byron, task: Task, post: Post
) -> None:
    event = refused(post, ward="Byron Ward")
    byron.ward.name = "Byron Ward"
    byron.ward.save()
    assert replay(event=event, by=SAMIR).outcome == Outcome.COMPLETED


def test_what_still_stands_in_its_way_changes_nothing_and_tells_nobody_again(
    byron: Byron,
    task: Task,
    post: Post,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    event = refused(post, completedBy="Grace Mensah")
    follow_up(event.pk)
    before = SyncEvent.objects.values().get()
    with django_capture_on_commit_callbacks() as wake_ups:
        again = replay(event=event, by=SAMIR)
    assert again.outcome == Outcome.WARD_MISMATCH
    assert SyncEvent.objects.values().get() == before
    assert wake_ups == []
    assert AuditEvent.objects.filter(action="sync_event.replay", outcome="refused").exists()


def test_a_value_out_of_range_is_acted_on_though_the_refusal_was(
    byron: Byron, task: Task, post: Post
) -> None:
    event = refused(post, completedBy="Grace Mensah", values=OUT_OF_RANGE)
    follow_up(event.pk)
    member_of(byron.ward, name="Grace Mensah")
    replay(event=event, by=SAMIR)
    follow_up(event.pk)
    assert Task.objects.filter(follow_up_of=task).count() == 1


def test_an_unmatched_audit_finds_the_task_that_there_is_now(byron: Byron, post: Post) -> None:
    post()
    event = SyncEvent.objects.get()
    assert replay(event=event, by=SAMIR).outcome == Outcome.NO_MATCHING_TASK
    task = AuditTaskFactory.create(ward=byron.ward)
    assert replay(event=event, by=SAMIR).task == task


@pytest.mark.parametrize(
    "outcome",
    [one for one in Outcome if one not in {"no_matching_task", "ward_mismatch", *AGAIN}],
)
def test_all_else_is_not_processed_again(byron: Byron, task: Task, outcome: Outcome) -> None:
    event = event_of(
        byron.ward, byron.client, outcome=outcome, task=task if outcome in SUCCESSES else None
    )
    with pytest.raises(NotReplayable):
        replay(event=event, by=SAMIR)
    assert not AuditEvent.objects.filter(action="sync_event.replay").exists()


def test_what_was_set_aside_is_not_processed_again(byron: Byron, task: Task) -> None:
    event = event_of(byron.ward, byron.client, outcome=Outcome.NO_MATCHING_TASK)
    set_aside(event=event, reason="Done twice", by=SAMIR)
    with pytest.raises(NotReplayable):
        replay(event=event, by=SAMIR)


class TestOnThePage:
    @pytest.fixture
    def manager(self, byron: Byron) -> Client:
        page = Client()
        page.force_login(member_of(byron.ward, role=Role.WARD_ADMIN))
        return page

    def test_a_ward_admin_asks_and_is_told(
        self, byron: Byron, task: Task, post: Post, manager: Client
    ) -> None:
        event = refused(post, completedBy="Grace Mensah")
        path = f"/admin/assurance/syncevent/{event.pk}/replay/"
        assert "Process again" in manager.get(path).content.decode()
        assert "Nobody of this name has access" in manager.post(path, follow=True).content.decode()
        member_of(byron.ward, name="Grace Mensah")
        assert "Completed its task" in manager.post(path, follow=True).content.decode()
        assert "processed meanwhile" in manager.post(path, follow=True).content.decode()
        assert "there is nothing to do again" in manager.get(path).content.decode()

    def test_is_offered_only_where_there_is_something_to_do(
        self, task: Task, post: Post, manager: Client
    ) -> None:
        post()
        post(auditId="another")
        post(auditId="of another day", completedAt="2026-01-02T08:00:00Z")
        offered = {
            event.audit_id: "Process again" in manager.get(_page_of(event)).content.decode()
            for event in SyncEvent.objects.all()
        }
        assert offered == {"audit-12345": False, "another": False, "of another day": True}

    def test_the_event_s_page_tells_limits_and_no_in_words(
        self, task: Task, post: Post, manager: Client
    ) -> None:
        ReadingLimit.objects.create(
            audit_type="fridge_temps", reading="currentTemp", unit="°C", lowest=2, highest=8
        )
        post()
        page = manager.get(_page_of(SyncEvent.objects.get())).content.decode()
        assert "icon-no" not in page
        assert "Current temp 2 to 8 °C" in page

    def test_an_unmatched_one_tells_why(self, post: Post, manager: Client) -> None:
        post()
        path = f"/admin/assurance/syncevent/{SyncEvent.objects.get().pk}/replay/"
        assert "No pending fridge_temps task" in manager.post(path, follow=True).content.decode()

    def test_events_of_other_wards_are_not_there(
        self, byron: Byron, post: Post, manager: Client
    ) -> None:
        other = event_of(WardFactory.create(), byron.client, outcome=Outcome.NO_MATCHING_TASK)
        for event in (other, event_of(None, byron.client, outcome=Outcome.WARD_MISMATCH)):
            path = f"/admin/assurance/syncevent/{event.pk}/replay/"
            assert manager.get(path).status_code == manager.post(path).status_code == 404


def _page_of(event: SyncEvent) -> str:
    return f"/admin/assurance/syncevent/{event.pk}/change/"
