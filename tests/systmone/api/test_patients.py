"""A program looks for a patient in SystmOne, while it waits or later; nothing of it is logged."""

import logging
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from assurance.api_clients import create_client
from audit.models import AuditEvent
from systmone import dispatcher
from systmone.models import Attempt, Call, Gateway, Priority
from systmone.simulator import Simulator
from tests.factories import WardFactory, member_of
from tests.systmone.gateway.conftest import NHS_NUMBER, SETUP, befalls
from tests.threads import at_once
from wards.models import User, Ward

SECRETS = ("Quill", "1960-03-09", "LS18")
PATIENTS = "/api/systmone/patients"


@pytest.fixture
def known(simulator: Simulator) -> dict[str, str]:
    """What SystmOne knows of the patient, as a query."""
    record = simulator.committed(NHS_NUMBER)
    return {
        "surname": record.findtext("Demographics/Surname") or "",
        "dateOfBirth": record.findtext("Demographics/DateOfBirth") or "",
    }


def speak(gateway: Gateway) -> Any:
    return dispatcher.speak(gateway_id=gateway.pk, seconds=5, lingers=0.3)


def test_a_patient_is_found_by_two_facts(
    page: Client, gateway: Gateway, known: dict[str, str]
) -> None:
    first = page.get(PATIENTS, known)
    assert (first.status_code, first.json()["status"]) == (202, "queued")
    call = Call.objects.get()
    assert first["Location"] == f"/api/systmone/calls/{call.pk}"
    assert call.priority == Priority.PERSON_WAITS
    speak(gateway)
    answer = page.get(PATIENTS, known)
    assert answer.status_code == 200
    (found,) = answer.json()["patients"]
    assert found["nhsNumber"] == NHS_NUMBER
    assert found["surname"] == known["surname"]
    assert found["dateOfBirth"] == known["dateOfBirth"]
    assert answer.json()["callId"] == first.json()["callId"]
    assert page.get(first["Location"]).json()["function"] == "PatientSearch"
    event = AuditEvent.objects.get(action="systmone.search")
    assert (event.object_id, event.detail, event.ward) == (str(call.pk), {"found": 1}, "Byron")


def test_who_waits_has_the_answer_at_once(
    page: Client, gateway: Gateway, known: dict[str, str]
) -> None:
    def spoken() -> Any:
        while not Call.objects.exists():
            pass
        return speak(gateway)

    answer, _ = at_once(
        lambda: page.get(PATIENTS, known, headers={"Prefer": "wait=8"}).json(), spoken
    )
    assert isinstance(answer, dict)
    assert len(answer["patients"]) == 1


def test_an_answer_that_is_no_longer_kept_is_not_told_as_nobody(
    page: Client, gateway: Gateway, known: dict[str, str]
) -> None:
    page.get(PATIENTS, known)
    speak(gateway)
    Attempt.objects.update(response="")
    assert page.get(PATIENTS, known).json()["patients"] is None


def test_nobody_found_is_an_empty_answer(page: Client, gateway: Gateway) -> None:
    query = {"surname": "Nobody", "dateOfBirth": "1900-01-01"}
    page.get(PATIENTS, query)
    speak(gateway)
    answer = page.get(PATIENTS, query).json()
    assert (answer["status"], answer["patients"]) == ("succeeded", [])


def test_what_systmone_refuses_is_told(
    page: Client, gateway: Gateway, simulator: Simulator, known: dict[str, str]
) -> None:
    befalls(simulator, "permanent-error,function=PatientSearch,count=1")
    call = page.get(PATIENTS, known).json()["callId"]
    speak(gateway)
    told = page.get(f"/api/systmone/calls/{call}").json()
    assert (told["status"], told["permanent"]) == ("failed", True)
    assert page.get(PATIENTS, known).json()["callId"] != call


def test_another_person_does_not_get_ones_answer(
    page: Client, gateway: Gateway, byron: Ward, known: dict[str, str]
) -> None:
    mine = page.get(PATIENTS, known).json()["callId"]
    other = Client()
    other.force_login(member_of(byron))
    assert other.get(PATIENTS, known).json()["callId"] != mine


def test_through_a_gateway_for_test_patients_nobody_else_is_found(
    page: Client, gateway: Gateway, known: dict[str, str]
) -> None:
    page.get(PATIENTS, known)
    speak(gateway)
    Gateway.objects.update(test_patients_only=True)
    assert page.get(PATIENTS, known).json()["patients"] == []


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"surname": "Quill"},
        {"surname": "Quill", "dateOfBirth": ""},
        {"surname": "Quill", "dateOfBirth": "9 March 1960"},
        {"surname": "Quill", "gender": "X"},
        {"surname": "Quill", "postCode": "LS185TN"},
        {"surname": "Quill\x07", "gender": "F"},
        {"surname": "Q" * 81, "gender": "F"},
    ],
)
def test_what_cannot_be_looked_for_is_refused_and_says_which_field(
    page: Client, gateway: Gateway, query: dict[str, str]
) -> None:
    answer = page.get(PATIENTS, query)
    assert (answer.status_code, answer.json()["error"]) == (422, "VALIDATION_ERROR")
    assert answer.json()["details"][0]["field"]
    assert "Quill" not in answer.content.decode()
    assert not Call.objects.exists()


def test_one_looks_from_a_ward_of_ones_own_that_has_a_gateway(
    page: Client, byron: Ward, gateway: Gateway, sarah: User, known: dict[str, str]
) -> None:
    shelley = WardFactory.create(name="Ashley")
    member_of(shelley)
    both = Client()
    both.force_login(member_of(shelley, byron))
    assert both.get(PATIENTS, known).status_code == 202
    assert Call.objects.get().ward == byron
    assert both.get(PATIENTS, {**known, "ward": "Ashley"}).json()["error"] == "NO_GATEWAY"
    assert page.get(PATIENTS, {**known, "ward": "Ashley"}).json()["error"] == "WARD_NOT_FOUND"


def test_no_log_line_holds_what_was_looked_for_whatever_was_answered(
    page: Client,
    gateway: Gateway,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    query = "surname=Quill&dateOfBirth=1960-03-09&postCode=LS18"
    _, key = create_client(name="Power Automate", wards=None, by=SETUP)
    page.raise_request_exception = False

    def look(web: Client = page, more: str = "", **headers: str) -> int:
        return web.get(f"{PATIENTS}?{query}{more}", headers=headers).status_code

    with caplog.at_level(logging.DEBUG, logger="root"):
        assert look() == 202
        assert look(more="&gender=X") == 422
        assert look(Client()) == 401
        assert look(Client(), **{"X-API-Key": key}) == 403
        assert page.get(f"{PATIENTS}/?{query}").status_code == 404
        settings.HUB_TIER = "max"
        assert look() == 404
        settings.HUB_TIER = "max_plus"
        settings.HUB_ENCRYPTION_KEYS = ["not a key"]
        assert look(more="&gender=F") == 500
    printed = "".join(capfd.readouterr()) + caplog.text
    assert "request failed" in printed
    assert not [secret for secret in SECRETS if secret in printed]
