"""Who is told what of the sync, and that nobody is told too often and nothing is forgotten."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from assurance.alert_delivery import deliver
from assurance.alerts import tell
from assurance.follow_ups import act_on
from assurance.models import AlertKind, SyncAlert, SyncEvent
from assurance.sync import match_kept
from audit.models import AuditEvent
from tests.assurance.posting import OUT_OF_RANGE, Byron
from tests.factories import AuditTaskFactory, WardFactory, member_of, senior_admin
from tests.threads import at_once
from wards.models import Role, User, Ward

Post = Callable[..., Any]

NOW = datetime(2026, 1, 27, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def manager(byron: Byron) -> User:
    return member_of(byron.ward, role=Role.WARD_ADMIN, email="manager@example.nhs.uk")


def told(ward: Ward | None, *lines: str, at: datetime = NOW, subject: str = "") -> SyncAlert:
    with time_machine.travel(at, tick=False):
        return tell(kind=AlertKind.SILENCE, ward=ward, lines=lines, subject=subject)


def subjects() -> list[str]:
    return [message.subject.removeprefix("[Inpatient Hub] ") for message in mail.outbox]


def out_of_order(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there


@pytest.mark.django_db
class TestMail:
    def test_it_goes_to_who_runs_the_ward(self, byron: Byron, manager: User) -> None:
        told(byron.ward, "Nothing has arrived for 6 hours.")
        deliver(NOW)
        [message] = mail.outbox
        assert message.to == ["manager@example.nhs.uk"]
        assert message.subject == "[Inpatient Hub] Byron: no audits arrive"
        assert message.body == "Nothing has arrived for 6 hours."

    def test_what_concerns_the_trust_goes_to_the_senior_admins(self, manager: User) -> None:
        senior_admin(email="senior@example.nhs.uk")
        told(None, "Nothing has arrived.")
        deliver(NOW)
        assert mail.outbox[0].to == ["senior@example.nhs.uk"]

    def test_what_came_together_is_told_together(self, byron: Byron, manager: User) -> None:
        told(byron.ward, "One.")
        told(byron.ward, "Two.")
        deliver(NOW)
        assert [message.body for message in mail.outbox] == ["One.\nTwo."]

    def test_the_same_thing_is_told_once_an_hour(self, byron: Byron, manager: User) -> None:
        told(byron.ward, "One.")
        deliver(NOW)
        told(byron.ward, "Two.", at=NOW + MINUTE)
        told(byron.ward, "Three.", at=NOW + 58 * MINUTE)
        deliver(NOW + 59 * MINUTE)
        assert len(mail.outbox) == 1
        deliver(NOW + 61 * MINUTE)
        deliver(NOW + 62 * MINUTE)
        assert [message.body for message in mail.outbox] == ["One.", "Two.\nThree."]

    def test_other_things_do_not_wait_for_it(self, byron: Byron, manager: User) -> None:
        member_of(keats := WardFactory.create(name="Keats"), role=Role.WARD_ADMIN)
        senior_admin()
        for ward in (byron.ward, keats, None):
            told(ward, "One.")
            told(ward, "One.", subject="Something else")
        deliver(NOW)
        deliver(NOW)
        assert len(mail.outbox) == 6

    def test_a_mail_server_that_is_away_loses_nothing(
        self, byron: Byron, manager: User, settings: Settings
    ) -> None:
        backend = settings.EMAIL_BACKEND
        told(byron.ward, "One.")
        out_of_order(settings)
        deliver(NOW)
        told(byron.ward, "Two.", at=NOW + MINUTE)
        settings.EMAIL_BACKEND = backend
        deliver(NOW + MINUTE)
        assert mail.outbox == []  # whoever tried a minute ago may be at it still
        deliver(NOW + 6 * MINUTE)
        deliver(NOW + 7 * MINUTE)
        assert [message.body for message in mail.outbox] == ["One.\nTwo."]

    def test_what_nobody_could_be_told_for_a_week_is_given_up(
        self, byron: Byron, manager: User
    ) -> None:
        told(byron.ward, "One.")
        deliver(NOW + timedelta(days=7, minutes=1))
        assert mail.outbox == []

    def test_a_flood_is_cut(self, byron: Byron, manager: User) -> None:
        for number in range(53):
            told(byron.ward, f"Number {number}.")
        deliver(NOW)
        assert mail.outbox[0].body.endswith("Number 49.\nAnd 3 more.")

    def test_each_place_to_look_is_named_once(self, byron: Byron, manager: User) -> None:
        for line in ("One.", "Two."):
            tell(kind=AlertKind.SILENCE, ward=byron.ward, lines=[line], path="/admin/")
        deliver(datetime.now(UTC))
        assert mail.outbox[0].body == "One.\nTwo.\nhttp://testserver/admin/"


@pytest.mark.django_db(transaction=True)
def test_workers_that_come_at_once_send_one_message(byron: Byron, manager: User) -> None:
    for number in range(5):
        told(byron.ward, "One.", subject=f"Subject {number}")
    results = at_once(*[partial(deliver, NOW)] * 4)
    assert [one for one in results if isinstance(one, Exception)] == []
    assert sorted(subjects()) == [f"Subject {number}" for number in range(5)]


@pytest.mark.django_db
class TestKeptAudits:
    @pytest.fixture
    def _kept(self, byron: Byron, manager: User, post: Post) -> None:
        with time_machine.travel(NOW, tick=False):
            for number in range(3):
                post(auditId=str(number))
            for event in SyncEvent.objects.all():
                act_on(event_id=event.pk)

    @pytest.mark.usefixtures("_kept")
    def test_they_are_told_a_while_later_in_one_message(self) -> None:
        deliver(NOW + 9 * MINUTE)
        assert mail.outbox == []
        deliver(NOW + 10 * MINUTE)
        [message] = mail.outbox
        assert message.to == ["manager@example.nhs.uk"]
        assert message.subject == "[Inpatient Hub] Byron: audits without a task"
        assert message.body.count("Fridge temperature, Tue 27 Jan, 08:14: no task was found") == 3

    @pytest.mark.usefixtures("_kept")
    def test_one_that_has_found_its_task_meanwhile_is_not_told(
        self, byron: Byron, client: Client, manager: User
    ) -> None:
        with time_machine.travel(NOW):
            AuditTaskFactory.create(ward=byron.ward)
            assert len(match_kept(ward_ids=[byron.ward.pk])) == 3
        deliver(NOW + 10 * MINUTE)
        assert mail.outbox == []
        client.force_login(manager)
        assert "audits without a task" not in client.get("/wards/byron/diary/").content.decode()

    @pytest.mark.usefixtures("_kept")
    def test_a_value_out_of_range_is_told_once_the_task_is_found(self, byron: Byron) -> None:
        SyncEvent.objects.update(values=OUT_OF_RANGE, out_of_range=True)
        with time_machine.travel(NOW):
            AuditTaskFactory.create(ward=byron.ward)
            [first, *_] = match_kept(ward_ids=[byron.ward.pk])
            act_on(event_id=first.pk)
        deliver(NOW + 10 * MINUTE)
        assert subjects() == ["Byron: fridge temperature out of range"]


@pytest.mark.django_db
class TestDiary:
    def test_a_value_out_of_range_is_named_first(
        self, byron: Byron, client: Client, manager: User
    ) -> None:
        for kind in (AlertKind.OUT_OF_RANGE, AlertKind.SILENCE):
            tell(kind=kind, ward=byron.ward, lines=["One."])
        page = self.diary_of(client, manager)
        assert "Byron: value out of range, and 1 more alert" in page

    def diary_of(self, client: Client, user: User) -> str:
        client.force_login(user)
        return client.get("/wards/byron/diary/").content.decode()

    def test_who_runs_the_ward_sees_what_nobody_has_seen(
        self, byron: Byron, client: Client, manager: User
    ) -> None:
        told(byron.ward, "One.", subject="Byron: one")
        told(byron.ward, "Two.", subject="Byron: two")
        told(WardFactory.create(), "Three.", subject="Another: three")
        page = self.diary_of(client, manager)
        assert "Byron: two, and 1 more alert" in page
        assert "Another" not in page
        assert "Byron: two" not in self.diary_of(client, byron.sarah)

    def test_the_notice_leads_to_the_list_where_it_is_marked_as_seen(
        self, byron: Byron, client: Client, manager: User
    ) -> None:
        alert = told(byron.ward, "Nothing arrives.", subject="Byron: silence")
        address = f"/admin/assurance/syncalert/?ward__id__exact={byron.ward.pk}"
        page = self.diary_of(client, manager)
        assert f'href="{address}&amp;seen_at__isempty=1"' in page
        assert "Nothing arrives." in client.get(f"{address}&seen_at__isempty=1").content.decode()
        for _ in range(2):
            client.post(address, {"action": "see", "_selected_action": [alert.pk]})
        alert.refresh_from_db()
        assert alert.seen_by == manager
        assert AuditEvent.objects.filter(action="sync_alert.see").count() == 1
        assert "Byron: silence" not in self.diary_of(client, manager)

    def test_other_tiers_say_nothing(
        self, byron: Byron, client: Client, manager: User, settings: Settings
    ) -> None:
        told(byron.ward, "One.", subject="Byron: one")
        settings.HUB_TIER = "max"
        assert "Byron: one" not in self.diary_of(client, manager)


@pytest.mark.django_db
def test_an_alert_wakes_its_delivery(
    byron: Byron, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as wake_ups:
        told(byron.ward, "One.")
    assert len(wake_ups) == 1
