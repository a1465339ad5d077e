"""Yesterday's expected audits against those received, and the evidence of one of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from assurance.hand_matching import set_aside
from assurance.models import Outcome
from assurance.reconciliation import Reconciliation, reconcile
from audit.models import AuditEvent
from tasks import actions
from tests.assurance.events import MORNING, done, event_of, synced
from tests.assurance.posting import Byron
from tests.factories import TODAY, AuditTaskFactory, WardFactory, member_of, senior_admin
from wards.actors import person
from wards.models import Role

pytestmark = pytest.mark.django_db

NEXT_MORNING = datetime(2026, 1, 28, 9, tzinfo=UTC)
PAGE = "/admin/assurance/syncevent/reconciliation/"


@pytest.fixture
def _next_morning() -> Any:
    with time_machine.travel(NEXT_MORNING):
        yield


@pytest.fixture
def manager(byron: Byron, _next_morning: None) -> Client:
    page = Client()
    page.force_login(member_of(byron.ward, role=Role.WARD_ADMIN, name="Amina Yusuf"))
    return page


def report(byron: Byron) -> Reconciliation:
    [found] = reconcile([byron.ward], TODAY, NEXT_MORNING)
    return found


def test_by_hand_and_never_seen_is_told_from_by_hand_and_seen(byron: Byron) -> None:
    by_sync = synced(byron.ward, byron.sarah, byron.client)
    seen = done(byron.ward, byron.sarah)
    event_of(byron.ward, byron.client, outcome=Outcome.ALREADY_COMPLETE, task=seen)
    never_seen = done(byron.ward, byron.sarah)
    found = report(byron)
    assert [audit.task for audit in found.by_sync] == [by_sync]
    assert [audit.task for audit in found.by_hand] == [seen]
    assert [audit.task for audit in found.only_by_hand] == [never_seen]


def test_missed_and_cancelled_are_told(byron: Byron) -> None:
    missed = AuditTaskFactory.create(ward=byron.ward)
    off = AuditTaskFactory.create(ward=byron.ward, status="cancelled", cancelled_reason="No key")
    found = report(byron)
    assert [audit.task for audit in found.missed] == [missed]
    assert [audit.task for audit in found.cancelled] == [off]
    assert not found.is_clean


@pytest.mark.parametrize(
    ("at", "is_of_the_day"),
    [
        (datetime(2026, 1, 27, 6, 59, tzinfo=UTC), False),  # still the night shift of the 26th
        (datetime(2026, 1, 27, 7, tzinfo=UTC), True),
        (datetime(2026, 1, 28, 6, 59, tzinfo=UTC), True),
        (datetime(2026, 1, 28, 7, tzinfo=UTC), False),
    ],
)
@pytest.mark.parametrize("outcome", [Outcome.NO_MATCHING_TASK, Outcome.WARD_MISMATCH])
def test_what_came_without_a_task_is_of_the_day_of_its_shift(
    byron: Byron, at: datetime, *, is_of_the_day: bool, outcome: Outcome
) -> None:
    event = event_of(byron.ward, byron.client, outcome=outcome, received_at=at)
    assert report(byron).without_task == ([event] if is_of_the_day else ())


def test_what_was_set_aside_asks_for_nothing_more(byron: Byron) -> None:
    event = event_of(byron.ward, byron.client, outcome=Outcome.NO_MATCHING_TASK)
    set_aside(event=event, reason="Done twice", by=person(byron.sarah))
    assert report(byron).is_clean


def test_a_day_on_which_all_came_is_clean(byron: Byron) -> None:
    synced(byron.ward, byron.sarah, byron.client)
    assert report(byron).is_clean


class TestThePage:
    def test_it_opens_on_yesterday_and_says_what_to_look_at(
        self, byron: Byron, manager: Client
    ) -> None:
        task = done(byron.ward, byron.sarah)
        AuditTaskFactory.create(ward=byron.ward, audit_type="resus_check")
        event_of(byron.ward, byron.client, outcome=Outcome.NO_MATCHING_TASK)
        page = manager.get(PAGE).content.decode()
        assert "Tuesday 27 January 2026" in page
        assert "Completed by hand, never seen on the dashboard:" in page
        assert "Resuscitation equipment, early" in page
        assert "Received, but without a task:" in page
        assert f"/admin/assurance/syncevent/evidence/{task.pk}/" in page
        looked = AuditEvent.objects.get(action="reconciliation.view")
        assert looked.detail == {"day": "2026-01-27", "wards": ["Byron"]}

    @pytest.mark.parametrize(
        ("question", "sentence"),
        [
            ("day=2026-01-29", "Choose today or a day before."),
            ("day=soon", "Choose a day."),
            ("day=", "Choose a day."),
            ("ward=keats", "Choose one of your wards."),
        ],
    )
    def test_what_cannot_be_answered_is_told(
        self, manager: Client, question: str, sentence: str
    ) -> None:
        WardFactory.create(name="Keats")
        answer = manager.get(f"{PAGE}?{question}")
        assert answer.status_code == 200
        assert sentence in answer.content.decode()
        assert "reports" not in answer.context

    def test_a_ward_admin_sees_their_wards_only(self, byron: Byron, manager: Client) -> None:
        keats = WardFactory.create(name="Keats")
        task = AuditTaskFactory.create(ward=keats)
        page = manager.get(PAGE)
        assert [one.ward for one in page.context["reports"]] == [byron.ward]
        assert manager.get(f"/admin/assurance/syncevent/evidence/{task.pk}/").status_code == 404

    @pytest.mark.usefixtures("_next_morning")
    def test_the_number_of_queries_does_not_grow(self, byron: Byron) -> None:
        senior = Client()
        senior.force_login(senior_admin())

        def fill(name: str) -> None:
            ward = WardFactory.create(name=name)
            synced(ward, member_of(ward), byron.client)
            done(ward, member_of(ward))
            AuditTaskFactory.create(ward=ward)
            event_of(ward, byron.client, outcome=Outcome.NO_MATCHING_TASK, person=byron.sarah)

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert senior.get(PAGE).status_code == 200
            return len(captured)

        fill("Keats")
        before = queries()
        fill("Wordsworth")
        assert queries() == before

    def test_it_exists_in_max_plus_only(self, manager: Client, settings: Settings) -> None:
        settings.HUB_TIER = "max"
        assert manager.get(PAGE).status_code == 404


def test_the_evidence_has_the_task_its_history_and_its_events(
    byron: Byron, manager: Client
) -> None:
    task = AuditTaskFactory.create(ward=byron.ward)
    actions.complete(task=task, by=person(byron.sarah), at=MORNING)
    event_of(
        byron.ward,
        byron.client,
        outcome=Outcome.ALREADY_COMPLETE,
        task=task,
        values={"currentTemp": 11.5, "inRange": False},
        received_at=MORNING + timedelta(minutes=1),
    )
    AuditTaskFactory.create(ward=byron.ward, title="Act on it", audit_type="", follow_up_of=task)
    page = manager.get(f"/admin/assurance/syncevent/evidence/{task.pk}/").content.decode()
    assert "Completed" in page
    assert "Sarah Johnson" in page
    assert "Current temp 11.5. Out of range" in page
    assert "Act on it" in page
    looked = AuditEvent.objects.get(action="evidence.view")
    assert (looked.object_id, looked.ward) == (task.public_id, "Byron")
