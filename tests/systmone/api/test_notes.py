"""A program posts a case note: it is in the Hub and in SystmOne once, and one can ask for it."""

import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from assurance.api_clients import create_client
from audit.models import AuditEvent
from systmone import dispatcher, submissions
from systmone.models import Call, Gateway, State, Submission
from systmone.simulator import Simulator
from systmone.submissions import NotOnTheWards
from systmone.waiting import seconds_preferred
from tests.factories import WardFactory, member_of
from tests.systmone.api.conftest import Send
from tests.systmone.gateway.conftest import NHS_NUMBER, SETUP, befalls, spoken, times_in_record
from tests.threads import at_once
from wards.api_callers import Caller, signed_in
from wards.models import CaseNote, Stay, User, Ward

UPDATE = "function=UpdatePatientRecord"


def test_a_note_is_written_pushed_and_asked_for(
    post_note: Send, key: str, stay: Stay, gateway: Gateway, simulator: Simulator
) -> None:
    answer = post_note()
    assert answer.status_code == 202
    call = Call.objects.get()
    assert answer.json() == {"callId": str(call.pk), "status": "queued"}
    assert answer["Location"] == f"/api/systmone/calls/{call.pk}"
    note = CaseNote.objects.get()
    assert (note.text, note.author_name) == ("Slept well.", "Sarah Johnson through Digital Notes")
    assert call.note == note
    spoken(gateway, call)
    told = Client().get(answer["Location"], headers={"Authorization": f"Bearer {key}"}).json()
    call.refresh_from_db()
    assert told == {
        "callId": str(call.pk),
        "function": "UpdatePatientRecord",
        "status": "succeeded",
        "attempts": 1,
        "eventUids": call.uids,
        "error": None,
        "permanent": False,
    }
    assert times_in_record(simulator, call.reference) == 1


def test_the_same_key_and_body_is_the_same_call_also_after_the_discharge(
    post_note: Send, stay: Stay, gateway: Gateway
) -> None:
    first = post_note(**{"Idempotency-Key": "note-1"})
    Stay.objects.update(status="discharged", discharged_at=timezone.now())
    again = post_note(**{"Idempotency-Key": "note-1"})
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["callId"] == again.json()["callId"]
    assert (Call.objects.count(), CaseNote.objects.count()) == (1, 1)


def test_the_same_key_with_another_body_is_refused(
    post_note: Send, stay: Stay, gateway: Gateway
) -> None:
    post_note(**{"Idempotency-Key": "note-1"})
    other = post_note("Slept badly.", **{"Idempotency-Key": "note-1"})
    assert other.status_code == 422
    assert other.json()["error"] == "IDEMPOTENCY_KEY_REUSED"
    assert CaseNote.objects.count() == 1


def test_two_callers_may_use_one_key_and_without_a_key_each_is_a_note_of_its_own(
    post_note: Send, page: Client, stay: Stay, gateway: Gateway
) -> None:
    body = {"nhsNumber": NHS_NUMBER, "text": "Slept well."}
    post_note(**{"Idempotency-Key": "note-1"})
    for headers in ({"Idempotency-Key": "note-1"}, {}, {}):
        page.post("/api/systmone/notes", body, content_type="application/json", headers=headers)
    assert CaseNote.objects.count() == 4


def test_sent_by_four_at_once_it_is_one_note(post_note: Send, stay: Stay, gateway: Gateway) -> None:
    answers = at_once(*[lambda: post_note(**{"Idempotency-Key": "note-1"}).json()["callId"]] * 4)
    assert len(set(answers)) == 1
    assert (Call.objects.count(), CaseNote.objects.count()) == (1, 1)


def test_the_stored_key_tells_nothing_of_the_patient(
    post_note: Send, stay: Stay, gateway: Gateway
) -> None:
    post_note(**{"Idempotency-Key": "note-1"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT caller, key, fingerprint FROM systmone_submission")
        stored = " ".join(cursor.fetchone())
    assert NHS_NUMBER not in stored
    assert Submission.objects.get().fingerprint in stored


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"nhsNumber": NHS_NUMBER},
        {"nhsNumber": "9434765918", "text": "Slept well."},
        {"nhsNumber": NHS_NUMBER, "text": " \n"},
        {"nhsNumber": NHS_NUMBER, "text": "x" * 10_001},
        {"nhsNumber": NHS_NUMBER, "text": "Bell \x07 here"},
        {"nhsNumber": NHS_NUMBER, "text": "Slept well.", "bed": 3},
        {"nhsNumber": 9434765919, "text": "Slept well."},
        [],
    ],
)
def test_what_is_not_a_note_is_refused_without_repeating_it_and_nothing_is_kept(
    page: Client, stay: Stay, gateway: Gateway, body: object
) -> None:
    answer = page.post("/api/systmone/notes", body, content_type="application/json")
    assert (answer.status_code, answer.json()["success"]) == (422, False)
    assert "943476591" not in answer.content.decode()
    assert not CaseNote.objects.exists()
    assert not Call.objects.exists()


def test_a_patient_of_another_ward_or_nobody_is_not_found(
    post_note: Send, stay: Stay, gateway: Gateway
) -> None:
    Stay.objects.update(ward=WardFactory.create())
    for number in (NHS_NUMBER, "9434765870"):
        answer = post_note(number=number)
        assert (answer.status_code, answer.json()["error"]) == (404, "PATIENT_NOT_FOUND")


def test_who_is_discharged_while_the_note_comes_is_not_found(
    key: str, stay: Stay, gateway: Gateway, sarah: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def discharged_after(caller: Caller, number: str) -> Stay:
        Stay.objects.update(status="discharged", discharged_at=timezone.now())
        return stay

    monkeypatch.setattr(submissions, "_open_stay", discharged_after)
    with pytest.raises(NotOnTheWards):
        submissions.write_note(caller=signed_in(sarah), nhs_number=NHS_NUMBER, text="Slept well.")
    assert not CaseNote.objects.exists()


def test_what_cannot_be_pushed_leaves_no_note_either(post_note: Send, stay: Stay) -> None:
    answer = post_note()
    assert (answer.status_code, answer.json()["error"]) == (409, "NOT_PUSHED")
    assert "has no SystmOne gateway" in answer.json()["message"]
    assert not CaseNote.objects.exists()


def test_a_refused_note_says_so_for_good_and_one_that_came_too_late_does_not(
    post_note: Send, page: Client, stay: Stay, gateway: Gateway, simulator: Simulator
) -> None:
    befalls(simulator, f"permanent-error,{UPDATE},count=1")
    refused = post_note()
    spoken(gateway, Call.objects.get())
    told = page.get(refused["Location"]).json()
    assert (told["status"], told["permanent"]) == ("failed", True)
    assert "SystmOne says" in told["error"]
    late = post_note()
    dispatcher.expire_what_waited_too_long(timezone.now() + timedelta(days=1))
    told = page.get(late["Location"]).json()
    assert (told["status"], told["permanent"]) == ("failed", False)


def test_a_call_that_is_looked_for_in_the_record_is_being_sent(
    post_note: Send, page: Client, stay: Stay, gateway: Gateway
) -> None:
    answer = post_note()
    Call.objects.update(state=State.CHECKING)
    assert page.get(answer["Location"]).json()["status"] == "sending"


def test_who_prefers_to_wait_is_answered_when_it_is_done(
    post_note: Send, stay: Stay, gateway: Gateway
) -> None:
    def speak() -> str:
        while not Call.objects.exists():
            pass
        dispatcher.speak(gateway_id=gateway.pk, seconds=5, lingers=0.2)
        return ""

    started = timezone.now()
    answers = at_once(lambda: post_note(Prefer="wait=8").json()["status"], speak)
    assert answers[0] == "succeeded"
    assert timezone.now() - started < timedelta(seconds=8)


def test_who_waits_in_vain_is_told_how_it_stands_when_the_time_is_over(
    post_note: Send, page: Client, stay: Stay, gateway: Gateway
) -> None:
    address = post_note()["Location"]
    started = timezone.now()
    answer = page.get(address, headers={"Prefer": "wait=1"})
    assert answer.json()["status"] == "queued"
    assert timedelta(seconds=1) <= timezone.now() - started < timedelta(seconds=4)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", 0),
        ("wait=5", 5),
        ("respond-async, wait=5", 5),
        ('WAIT = "7"; x=y', 7),
        ("wait=600", 10),
        ("await=5", 0),
        ("wait=-1", 0),
        ("wait=soon", 0),
    ],
)
def test_the_wish_to_wait_is_read(header: str, seconds: int) -> None:
    assert seconds_preferred(header) == seconds


class TestWhoMayCall:
    def test_a_key_that_acts_for_nobody_has_nothing_to_do_with_patients(
        self, byron: Ward, stay: Stay, gateway: Gateway
    ) -> None:
        _, key = create_client(name="Power Automate", wards=None, by=SETUP)
        answer = Client().post("/api/systmone/notes", headers={"X-API-Key": key})
        assert (answer.status_code, answer.json()["error"]) == (403, "NO_PATIENT_DATA")

    def test_nor_one_whose_person_has_left(
        self, post_note: Send, stay: Stay, gateway: Gateway, sarah: User
    ) -> None:
        User.objects.filter(pk=sarah.pk).update(is_active=False)
        assert post_note().status_code == 403

    def test_nor_one_that_is_used_from_elsewhere(
        self, byron: Ward, stay: Stay, gateway: Gateway, sarah: User
    ) -> None:
        _, key = create_client(
            name="Elsewhere", wards=None, by=SETUP, acts_for=sarah, allowed_networks="10.0.0.0/8"
        )
        answer = Client().post("/api/systmone/notes", headers={"X-API-Key": key})
        assert (answer.status_code, answer.json()["error"]) == (403, "SOURCE_NOT_ALLOWED")

    def test_a_key_reaches_the_wards_that_both_it_and_its_person_reach(
        self, stay: Stay, gateway: Gateway, sarah: User, byron: Ward
    ) -> None:
        shelley = WardFactory.create(name="Shelley")
        keys = {
            "another ward": create_client(
                name="A", wards=[shelley], by=SETUP, acts_for=member_of(byron, shelley)
            ),
            "another person": create_client(
                name="B", wards=None, by=SETUP, acts_for=member_of(shelley)
            ),
        }
        for _, key in keys.values():
            answer = Client().post(
                "/api/systmone/notes",
                {"nhsNumber": NHS_NUMBER, "text": "Slept well."},
                content_type="application/json",
                headers={"X-API-Key": key},
            )
            assert answer.status_code == 404

    def test_a_session_needs_the_csrf_token(
        self, stay: Stay, gateway: Gateway, sarah: User
    ) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(sarah)
        answer = strict.post(
            "/api/systmone/notes",
            {"nhsNumber": NHS_NUMBER, "text": "Slept well."},
            content_type="application/json",
        )
        assert answer.status_code == 403
        assert not CaseNote.objects.exists()

    def test_a_call_of_another_ward_is_not_found(
        self, client: Client, post_note: Send, stay: Stay, gateway: Gateway
    ) -> None:
        address = post_note()["Location"]
        client.force_login(member_of(WardFactory.create()))
        assert client.get(address).status_code == 404

    def test_the_audit_log_says_who_wrote_it_and_through_what(
        self, post_note: Send, stay: Stay, gateway: Gateway, sarah: User
    ) -> None:
        post_note()
        event = AuditEvent.objects.get(action="case_note.write")
        assert (event.actor_name, event.source) == ("Sarah Johnson through Digital Notes", "api")


@pytest.mark.parametrize("tier", ["light", "medium", "max"])
def test_outside_max_plus_it_does_not_exist(post_note: Send, settings: Settings, tier: str) -> None:
    settings.HUB_TIER = tier
    assert post_note().status_code == 404


def test_no_line_of_the_log_names_the_patient_or_the_text(
    post_note: Send, stay: Stay, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="root"):
        post_note()
        post_note("Bell \x07 here")
        post_note(number="9434765870")
    assert not {"9434765919", "9434765870", "Slept", "Quill"} & set(caplog.text.split())
    assert "943476" not in caplog.text
    assert "Slept" not in caplog.text
