"""Alerts as cards in Teams: posted to a real server, to the right channel, and none is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection
from django.test import Client

from assurance.alert_delivery import deliver
from assurance.alerts import tell
from assurance.models import AlertKind, SyncAlert, TeamsChannel
from audit.models import AuditEvent
from tests.admin.pages import address, errors_on, submit
from tests.assurance.posting import Byron
from tests.assurance.workflow import Workflow, running_workflow
from tests.factories import WardFactory, member_of, senior_admin
from tests.threads import at_once
from wards.models import Role, Ward

NOW = datetime(2026, 1, 27, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CHANNELS = address(TeamsChannel)


@pytest.fixture
def workflow() -> Iterator[Workflow]:
    with running_workflow() as server:
        yield server


@pytest.fixture
def channel(byron: Byron, workflow: Workflow) -> TeamsChannel:
    member_of(byron.ward, role=Role.WARD_ADMIN)
    return channel_of(byron.ward, workflow)


@pytest.fixture
def senior(db: None) -> Client:
    client = Client()
    client.force_login(senior_admin(name="Ada Byrd"))
    return client


def channel_of(ward: Ward | None, workflow: Workflow) -> TeamsChannel:
    before = NOW - timedelta(hours=1)
    return TeamsChannel.objects.create(ward=ward, url=workflow.url, added_at=before)


def told(
    ward: Ward | None, *lines: str, at: datetime = NOW, subject: str = "", path: str = ""
) -> SyncAlert:
    with time_machine.travel(at, tick=False):
        return tell(kind=AlertKind.SILENCE, ward=ward, lines=lines, subject=subject, path=path)


@pytest.mark.django_db
class TestCards:
    def test_an_alert_is_one_card_with_a_button(
        self, byron: Byron, channel: TeamsChannel, workflow: Workflow
    ) -> None:
        told(byron.ward, "Nothing has arrived.", path="/admin/")
        deliver(NOW)
        [card] = workflow.cards
        [attachment] = card["attachments"]
        assert card["type"] == "message"
        assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
        assert workflow.texts() == [["Byron: no audits arrive", "Nothing has arrived."]]
        assert [one["url"] for one in attachment["content"]["actions"]] == [
            "http://testserver/admin/"
        ]
        channel.refresh_from_db()
        assert (channel.last_problem, channel.last_posted_at is None) == ("", False)

    def test_what_was_sent_is_shown_as_it_is(
        self, byron: Byron, channel: TeamsChannel, workflow: Workflow
    ) -> None:
        told(byron.ward, "[Open](https://evil.example)")
        deliver(NOW)
        blocks = workflow.cards[0]["attachments"][0]["content"]["body"]
        assert {block["type"] for block in blocks} == {"RichTextBlock"}  # knows no Markdown

    def test_the_same_thing_is_posted_once_an_hour_with_all_that_came(
        self, byron: Byron, channel: TeamsChannel, workflow: Workflow
    ) -> None:
        told(byron.ward, "One.")
        deliver(NOW)
        told(byron.ward, "Two.", at=NOW + MINUTE)
        told(byron.ward, "Three.", at=NOW + 2 * MINUTE)
        deliver(NOW + 59 * MINUTE)
        assert len(workflow.cards) == 1
        deliver(NOW + 61 * MINUTE)
        assert workflow.texts()[1][1:] == ["Two.", "Three."]

    @pytest.mark.parametrize("status", [302, 404, 429, 500])
    def test_a_workflow_that_does_not_take_it_loses_nothing(
        self, byron: Byron, channel: TeamsChannel, workflow: Workflow, status: int
    ) -> None:
        workflow.status, workflow.location = status, f"{workflow.url}&again"
        told(byron.ward, "One.")
        deliver(NOW)
        channel.refresh_from_db()
        assert channel.last_problem == f"Teams answered {status}."
        assert workflow.asked == ["/workflows/1?sig=secret"]  # it follows no redirect
        assert len(mail.outbox) == 1
        workflow.status, workflow.location = 202, ""
        deliver(NOW + 6 * MINUTE)
        deliver(NOW + 7 * MINUTE)
        assert len(workflow.cards) == len(mail.outbox) == 1

    def test_nobody_there_and_no_address_are_said_without_the_address(
        self, byron: Byron, channel: TeamsChannel, caplog: pytest.LogCaptureFixture
    ) -> None:
        for url in ("http://127.0.0.1:1/?sig=secret", "file:///etc/passwd?sig=secret", "nonsense"):
            TeamsChannel.objects.update(url=url)
            told(byron.ward, "One.", subject=url[:8])
            deliver(NOW)
            channel.refresh_from_db()
            assert channel.last_problem.startswith("Teams cannot be reached:")
            assert "sig" not in channel.last_problem + caplog.text

    def test_a_lost_encryption_key_is_said(
        self, byron: Byron, channel: TeamsChannel, workflow: Workflow
    ) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE assurance_teamschannel SET url = 'gAAAAAB-not-ours'")
        told(byron.ward, "One.")
        deliver(NOW)
        channel.refresh_from_db()
        assert "HUB_ENCRYPTION_KEYS" in channel.last_problem
        assert workflow.asked == []


@pytest.mark.django_db
class TestChannels:
    def test_a_ward_without_its_own_has_that_of_the_trust(
        self, byron: Byron, workflow: Workflow
    ) -> None:
        with running_workflow() as of_the_trust:
            channel_of(byron.ward, workflow)
            channel_of(None, of_the_trust)
            for ward in (byron.ward, WardFactory.create(name="Keats"), None):
                told(ward, f"About {ward}.")
            deliver(NOW)
            assert [texts[1] for texts in workflow.texts()] == ["About Byron."]
            assert sorted(texts[1] for texts in of_the_trust.texts()) == [
                "About Keats.",
                "About None.",
            ]

    def test_what_came_before_the_channel_is_not_posted(
        self, byron: Byron, channel: TeamsChannel, workflow: Workflow
    ) -> None:
        told(byron.ward, "Old.", at=NOW - timedelta(hours=2))
        deliver(NOW)
        assert (workflow.cards, len(mail.outbox)) == ([], 1)

    def test_one_that_is_off_gets_nothing(
        self, byron: Byron, channel: TeamsChannel, workflow: Workflow
    ) -> None:
        TeamsChannel.objects.update(is_on=False)
        told(byron.ward, "One.")
        deliver(NOW)
        assert workflow.asked == []

    @pytest.mark.parametrize("of_the_trust", [True, False])
    def test_the_trust_and_each_ward_have_one(self, byron: Byron, of_the_trust: bool) -> None:  # noqa: FBT001
        ward = None if of_the_trust else byron.ward
        TeamsChannel.objects.create(ward=ward, url="https://a.example/")
        with pytest.raises(IntegrityError):
            TeamsChannel.objects.create(ward=ward, url="https://b.example/")

    def test_the_address_is_encrypted_in_the_database(self, channel: TeamsChannel) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT url FROM assurance_teamschannel")
            assert "workflows" not in cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_workers_that_come_at_once_post_one_card(
    byron: Byron, channel: TeamsChannel, workflow: Workflow
) -> None:
    told(byron.ward, "One.")
    results = at_once(*[partial(deliver, NOW)] * 4)
    assert [one for one in results if isinstance(one, Exception)] == []
    assert len(workflow.cards) == 1


@pytest.mark.django_db
class TestAdmin:
    def test_the_address_is_stored_and_never_shown(self, byron: Byron, senior: Client) -> None:
        url = "https://prod-1.uksouth.logic.example:443/workflows/1?sig=secret"
        submit(senior, f"{CHANNELS}add/", ward=byron.ward.pk, new_url=url)
        channel = TeamsChannel.objects.get()
        assert channel.url == url
        submit(senior, f"{CHANNELS}{channel.pk}/change/", is_on="")
        channel.refresh_from_db()
        assert (channel.url, channel.is_on) == (url, False)
        for page in ("", f"{channel.pk}/change/", f"{channel.pk}/history/"):
            assert "sig=secret" not in senior.get(f"{CHANNELS}{page}").content.decode()
        assert "sig=secret" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))

    @pytest.mark.parametrize(
        ("url", "error"),
        [
            ("", "Enter the address that Power Automate shows."),
            ("http://prod-1.example/", "Enter an address that begins with https://."),
            ("https://", "Enter an address that begins with https://."),
            ("https://[", "Enter an address that begins with https://."),
            ("file:///etc/passwd", "Enter an address that begins with https://."),
        ],
    )
    def test_another_address_is_refused(self, senior: Client, url: str, error: str) -> None:
        assert error in errors_on(submit(senior, f"{CHANNELS}add/", new_url=url))

    def test_a_second_channel_of_the_trust_is_refused(self, senior: Client) -> None:
        for _ in range(2):
            answer = submit(senior, f"{CHANNELS}add/", new_url="https://prod-1.example/")
        assert "has a channel already" in " ".join(errors_on(answer))

    def test_a_test_card_says_who_tries_it(
        self, channel: TeamsChannel, workflow: Workflow, senior: Client
    ) -> None:
        page = f"{CHANNELS}{channel.pk}/test/"
        assert "Send a test card" in senior.get(page).content.decode()
        assert workflow.asked == []
        answer = senior.post(page, follow=True)
        assert "The card was posted" in answer.content.decode()
        assert workflow.texts() == [
            ["A test of Inpatient Hub", "Ada Byrd tries whether alerts of Byron arrive here."]
        ]
        assert AuditEvent.objects.filter(action="teamschannel.test").count() == 1

    def test_a_test_card_that_is_not_taken_says_why(
        self, channel: TeamsChannel, workflow: Workflow, senior: Client
    ) -> None:
        workflow.status = 401
        answer = senior.post(f"{CHANNELS}{channel.pk}/test/", follow=True)
        assert "The card was not posted. Teams answered 401." in answer.content.decode()
