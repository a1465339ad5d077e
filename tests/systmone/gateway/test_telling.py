"""People are told by e-mail, once however many workers look."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from pytest_django import Settings

from systmone import gateways
from systmone.calls import decide
from systmone.case_notes import push
from systmone.health import SILENT_AFTER
from systmone.jobs import tell_people
from systmone.lease import lease_of
from systmone.models import Attempt, Call, Decision, Gateway, SentAlert, State
from systmone.telling import tell_people as tell_people_at
from tests.factories import WardFactory, member_of, senior_admin
from tests.systmone.gateway.conftest import SETUP, WriteNote
from tests.threads import at_once
from wards import moves
from wards.actors import person
from wards.models import Role, Stay, User, Ward

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
End = Attempt.Outcome

UNKNOWN: dict[str, Any] = {"state": State.UNKNOWN, "problem": "The record could not tell."}


def failed() -> dict[str, Any]:
    return {"state": State.FAILED, "problem": "Refused.", "settled_at": timezone.now()}


@pytest.fixture
def manager(byron: Ward) -> User:
    return member_of(byron, role=Role.WARD_ADMIN, email="manager@example.nhs.uk")


@pytest.fixture
def senior(transactional_db: None) -> User:
    return senior_admin(email="senior@example.nhs.uk")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as travelling:
        yield travelling


def mails_after(clock: time_machine.Traveller, pause: timedelta) -> int:
    """How many e-mails there are when the sweep has run, that much later."""
    clock.shift(pause)
    tell_people()
    return len(mail.outbox)


class TestNotes:
    def test_who_runs_the_ward_is_written_to_without_patient_data(
        self, pushed: Call, manager: User, senior: User, stay: Stay
    ) -> None:
        Call.objects.update(**UNKNOWN)
        tell_people()
        [message] = mail.outbox
        assert message.to == ["manager@example.nhs.uk"]
        assert message.subject == "[Inpatient Hub] Byron: 1 note needs somebody to check SystmOne"
        assert "http://testserver/wards/byron/systmone/" in message.body
        for secret in (stay.patient.surname, stay.patient.nhs_number, "Slept well"):
            assert secret not in message.body

    def test_without_a_ward_admin_the_senior_admins_are(self, pushed: Call, senior: User) -> None:
        Call.objects.update(**failed())
        tell_people()
        [message] = mail.outbox
        assert message.to == ["senior@example.nhs.uk"]
        assert "1 note was not sent" in message.subject

    def test_several_are_one_mail_and_never_two_in_an_hour(
        self,
        write: WriteNote,
        gateway: Gateway,
        manager: User,
        sarah: User,
        clock: time_machine.Traveller,
    ) -> None:
        for text in ("One.", "Two."):
            push(note=write(text), by=person(sarah))
        Call.objects.update(**UNKNOWN)
        assert mails_after(clock, MINUTE) == 1
        assert "2 notes need somebody" in mail.outbox[0].subject
        later = push(note=write("Three."), by=person(sarah))
        Call.objects.filter(pk=later.pk).update(**failed())
        assert mails_after(clock, 30 * MINUTE) == 1
        assert mails_after(clock, 31 * MINUTE) == 2
        assert "2 notes need somebody to check SystmOne, 1 note was not" in mail.outbox[1].subject
        assert mails_after(clock, 2 * HOUR) == 2

    def test_after_a_day_it_is_told_again_while_it_stands(
        self, pushed: Call, manager: User, clock: time_machine.Traveller
    ) -> None:
        Call.objects.update(**UNKNOWN)
        assert mails_after(clock, MINUTE) == 1
        assert mails_after(clock, DAY - MINUTE) == 1
        assert mails_after(clock, MINUTE) == 2
        Call.objects.update(state=State.CANCELLED, settled_at=timezone.now())
        assert mails_after(clock, 2 * DAY) == 2

    def test_of_many_workers_one_writes(self, pushed: Call, manager: User) -> None:
        Call.objects.update(**UNKNOWN)
        at_once(*[partial(tell_people_at, timezone.now())] * 4)
        assert len(mail.outbox) == 1

    def test_a_mail_server_that_is_away_is_tried_again(
        self, pushed: Call, manager: User, settings: Settings, clock: time_machine.Traveller
    ) -> None:
        Call.objects.update(**UNKNOWN)
        working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Away"
        assert mails_after(clock, MINUTE) == 0
        settings.EMAIL_BACKEND = working
        assert mails_after(clock, MINUTE) == 0
        assert mails_after(clock, 5 * MINUTE) == 1

    def test_whoever_has_the_patient_now_is_told(
        self, pushed: Call, manager: User, stay: Stay, sarah: User
    ) -> None:
        shelley = WardFactory.create(name="Shelley")
        member_of(shelley, role=Role.WARD_ADMIN, email="shelley@example.nhs.uk")
        moves.transfer(stay=stay, to=shelley, bed=None, by=person(sarah))
        Call.objects.update(**UNKNOWN)
        tell_people()
        [message] = mail.outbox
        assert message.to == ["shelley@example.nhs.uk"]

    def test_reads_that_failed_concern_nobody(self, pushed: Call, manager: User) -> None:
        Call.objects.update(**failed(), function="GetPatientRecord")
        tell_people()
        assert mail.outbox == []


class Away(BaseEmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError


class TestGateways:
    def test_of_a_stopped_one_ward_and_senior_admins_hear_once_a_day(
        self, gateway: Gateway, manager: User, senior: User, clock: time_machine.Traveller
    ) -> None:
        gateways.stop(gateway=gateway, why="SystmOne has blocked this device.", by=SETUP)
        assert mails_after(clock, MINUTE) == 1
        [message] = mail.outbox
        assert message.to == ["manager@example.nhs.uk", "senior@example.nhs.uk"]
        assert "SystmOne has blocked this device." in message.body
        assert f"/admin/systmone/gateway/{gateway.pk}/watch/" in message.body
        assert mails_after(clock, 3 * HOUR) == 1
        assert mails_after(clock, DAY) == 2

    def test_one_that_stops_again_is_told_again_but_not_within_the_hour(
        self, gateway: Gateway, senior: User, clock: time_machine.Traveller
    ) -> None:
        gateways.stop(gateway=gateway, why="Blocked.", by=SETUP)
        assert mails_after(clock, MINUTE) == 1
        gateways.switch_on(gateway=gateway, by=SETUP)
        assert mails_after(clock, MINUTE) == 1
        gateways.stop(gateway=gateway, why="Blocked.", by=SETUP)
        assert mails_after(clock, MINUTE) == 1
        assert mails_after(clock, HOUR) == 2

    def test_a_silent_one_is_told_of_while_calls_wait(
        self, gateway: Gateway, pushed: Call, senior: User, clock: time_machine.Traveller
    ) -> None:
        tried(pushed, End.NOT_SENT, timezone.now())
        assert mails_after(clock, SILENT_AFTER - MINUTE) == 0
        assert mails_after(clock, 2 * MINUTE) == 1
        assert "silent" in mail.outbox[0].subject
        assert "Is it on and awake?" in mail.outbox[0].body

    def test_one_to_which_nobody_speaks_is_told_of_as_such(
        self, gateway: Gateway, pushed: Call, senior: User, clock: time_machine.Traveller
    ) -> None:
        assert mails_after(clock, SILENT_AFTER - MINUTE) == 0
        assert mails_after(clock, 2 * MINUTE) == 1
        assert "The Hub's speaker does not run" in mail.outbox[0].body

    def test_one_to_which_somebody_speaks_again_is_given_the_time_to_answer(
        self, gateway: Gateway, pushed: Call, senior: User
    ) -> None:
        Call.objects.update(not_before=timezone.now() - 30 * MINUTE)
        with lease_of(gateway):
            tell_people()
            assert mail.outbox == []

    def test_one_that_answered_since_is_not_silent(
        self, gateway: Gateway, pushed: Call, senior: User, clock: time_machine.Traveller
    ) -> None:
        tried(pushed, End.UNCLEAR, timezone.now())
        tried(pushed, End.LATER, timezone.now() + 5 * MINUTE)
        assert mails_after(clock, SILENT_AFTER + MINUTE) == 0

    def test_where_nothing_waits_silence_is_no_trouble(
        self, gateway: Gateway, pushed: Call, senior: User, clock: time_machine.Traveller
    ) -> None:
        tried(pushed, End.NOT_SENT, timezone.now())
        Call.objects.update(state=State.CANCELLED, settled_at=timezone.now())
        assert mails_after(clock, SILENT_AFTER + MINUTE) == 0

    def test_a_queue_that_grows_old_is_told_of_also_where_the_gateway_is_off(
        self, gateway: Gateway, pushed: Call, senior: User, clock: time_machine.Traveller
    ) -> None:
        gateways.switch_off(gateway=gateway, by=SETUP)
        assert mails_after(clock, 59 * MINUTE) == 0
        assert mails_after(clock, 2 * MINUTE) == 1
        assert "old queue" in mail.outbox[0].subject

    def test_what_a_person_lets_send_again_waits_from_then_on(
        self,
        gateway: Gateway,
        pushed: Call,
        sarah: User,
        senior: User,
        clock: time_machine.Traveller,
    ) -> None:
        gateways.switch_off(gateway=gateway, by=SETUP)
        tried(pushed, End.UNCLEAR, timezone.now())
        Call.objects.update(**UNKNOWN)
        clock.shift(DAY)
        known = pushed.attempts.get().pk
        decide(call=pushed, decision=Decision.SEND_AGAIN, attempt_id=known, by=person(sarah))
        assert mails_after(clock, 59 * MINUTE) == 0
        assert mails_after(clock, 2 * MINUTE) == 1

    def test_of_many_workers_one_writes_about_it(self, gateway: Gateway, senior: User) -> None:
        gateways.stop(gateway=gateway, why="Blocked.", by=SETUP)
        at_once(*[partial(tell_people_at, timezone.now())] * 4)
        assert len(mail.outbox) == 1
        assert SentAlert.objects.count() == 1


def tried(call: Call, outcome: End, at: datetime) -> None:
    call.attempts.create(gateway=call.gateway, fence=1, started_at=at, ended_at=at, outcome=outcome)
