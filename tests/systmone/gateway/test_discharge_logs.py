"""The audit log of a discharge gets into SystmOne once: offered or by itself, as the ward wants."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from systmone.calls import About, ask
from systmone.discharge_logs import call_of, push
from systmone.models import Call, DischargeLogs, Gateway, GatewayWard, Priority, State
from systmone.protocol.functions import UpdatePatientRecord
from systmone.requests import request_of
from systmone.simulator import Simulator
from tests.admin.pages import submit
from tests.factories import WardFactory, member_of
from tests.systmone.gateway.conftest import NHS_NUMBER, Discharge, befalls, spoken, times_in_record
from tests.threads import at_once
from wards import case_notes
from wards.actors import person
from wards.models import Patient, Stay, StayStatus, User, Ward

BOTH = {"identifiers": ["QUILL, Beatrice, born 01 Jan 1980", "NHS number 943 476 5919"]}


@pytest.fixture
def page(client: Client, sarah: User) -> Client:
    client.force_login(sarah)
    return client


def set_to(setting: DischargeLogs) -> None:
    GatewayWard.objects.update(discharge_logs=setting)


def text_of(page: Client, address: str) -> str:
    answer = page.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def log_page(stay: Stay) -> str:
    return f"/patients/{stay.patient_id}/stays/{stay.pk}/discharge/log/"


def call_for(stay: Stay) -> Call:
    call = call_of(stay)
    assert call is not None
    return call


def written(call: Call) -> str:
    request = request_of(call)
    assert isinstance(request, UpdatePatientRecord)
    (event,) = request.events
    return "\n".join(narrative.text for narrative in event.narratives)


@pytest.mark.parametrize(
    ("setting", "pushed"),
    [(DischargeLogs.OFF, 0), (DischargeLogs.OFFER, 0), (DischargeLogs.PUSH, 1)],
)
def test_a_confirmed_discharge_pushes_its_log_only_where_the_ward_has_set_so(
    gateway: Gateway, stay: Stay, discharge: Discharge, setting: DischargeLogs, pushed: int
) -> None:
    set_to(setting)
    discharge(stay)
    assert Call.objects.count() == pushed


def test_the_log_that_is_pushed_by_itself_arrives_whole_with_its_end(
    gateway: Gateway, stay: Stay, discharge: Discharge, simulator: Simulator
) -> None:
    set_to(DischargeLogs.PUSH)
    ended = discharge(stay)
    call = spoken(gateway, call_for(ended))
    assert call.state == State.SUCCEEDED
    assert times_in_record(simulator, call.reference) == 1
    lines = "\n".join(simulator.committed_lines(NHS_NUMBER))
    assert "Discharge audit log\nQUILL, Beatrice, born 1 Jan 1980" in lines
    assert "Discharged, by Amina Yusuf" in lines
    assert "Discharge confirmed by Amina Yusuf on Byron" in lines


def test_a_log_is_previewed_confirmed_pushed_and_seen_to_arrive(
    gateway: Gateway, stay: Stay, discharge: Discharge, simulator: Simulator, page: Client
) -> None:
    ended = discharge(stay)
    assert "Push to SystmOne" in text_of(page, log_page(ended))
    preview = text_of(page, f"{log_page(ended)}systmone/")
    assert "Inpatient Hub reference (given when it is sent)\nDischarge audit log" in preview
    assert page.post(f"{log_page(ended)}systmone/", {}).status_code == 422
    assert not Call.objects.exists()
    page.post(f"{log_page(ended)}systmone/", BOTH)
    call = spoken(gateway, call_for(ended))
    assert "Sent to SystmOne at" in text_of(page, f"{log_page(ended)}systmone/state/")
    assert times_in_record(simulator, call.reference) == 1


@pytest.mark.parametrize("fault", ["no-answer-after-commit", "cut-before-commit"])
def test_whatever_befalls_its_sending_a_log_is_there_once(
    gateway: Gateway, stay: Stay, discharge: Discharge, simulator: Simulator, fault: str
) -> None:
    set_to(DischargeLogs.PUSH)
    befalls(simulator, f"{fault},function=UpdatePatientRecord,count=1")
    call = spoken(gateway, call_for(discharge(stay)))
    assert call.state == State.SUCCEEDED
    assert times_in_record(simulator, call.reference) == 1


def test_pushed_by_two_at_once_it_is_one_call(
    gateway: Gateway, stay: Stay, discharge: Discharge, sarah: User, manager: User
) -> None:
    ended = discharge(stay)
    at_once(*(lambda who=who: push(stay=ended, by=person(who)) for who in (sarah, manager)))
    assert Call.objects.count() == 1


def test_the_database_holds_that_a_stay_has_one_log(
    gateway: Gateway, stay: Stay, discharge: Discharge, sarah: User
) -> None:
    ended = discharge(stay)
    push(stay=ended, by=person(sarah))
    with pytest.raises(IntegrityError):
        ask(
            gateway=gateway,
            request=request_of(call_for(ended)),
            by=person(sarah),
            priority=Priority.PERSON_WAITS,
            within=timedelta(hours=1),
            about=About(stay=ended),
        )


@pytest.mark.parametrize(
    ("hindrance", "sentence"),
    [
        (lambda: Patient.objects.update(nhs_number=""), "The patient has no NHS number yet"),
        (lambda: Gateway.objects.update(test_patients_only=True), "for test patients only"),
    ],
)
def test_what_hinders_the_push_never_hinders_the_discharge_and_is_told(
    *,
    gateway: Gateway,
    stay: Stay,
    discharge: Discharge,
    page: Client,
    hindrance: Callable[[], object],
    sentence: str,
) -> None:
    set_to(DischargeLogs.PUSH)
    hindrance()
    ended = discharge(stay)
    assert ended.status == StayStatus.DISCHARGED
    assert not Call.objects.exists()
    assert sentence in text_of(page, log_page(ended))


def test_a_log_of_more_than_40000_characters_arrives_whole_as_one_entry(
    gateway: Gateway, stay: Stay, discharge: Discharge, simulator: Simulator, sarah: User
) -> None:
    set_to(DischargeLogs.PUSH)
    at, by = timezone.now(), person(sarah)
    for _ in range(1000):
        case_notes.write(stay=stay, text="-", by=by, at=at)
    call = spoken(gateway, call_for(discharge(stay)))
    assert len(written(call)) > 40_000
    assert (call.state, len(call.uids)) == (State.SUCCEEDED, 1)
    lines = "\n".join(simulator.committed_lines(NHS_NUMBER))
    assert lines.count("Case note, by Sarah Johnson") == 1000


class TestTheWardsSetting:
    def test_a_ward_manager_sets_it_in_the_admin(
        self, gateway: Gateway, byron: Ward, manager: User, client: Client
    ) -> None:
        client.force_login(manager)
        assert f"/admin/wards/ward/{byron.pk}/change/" in text_of(client, "/admin/wards/ward/")
        assert "../systmone/" in text_of(client, f"/admin/wards/ward/{byron.pk}/change/")
        submit(client, f"/admin/wards/ward/{byron.pk}/systmone/", discharge_logs="push")
        assert GatewayWard.objects.get().discharge_logs == DischargeLogs.PUSH

    def test_a_ward_without_a_gateway_has_nothing_to_set(
        self, byron: Ward, manager: User, client: Client
    ) -> None:
        client.force_login(manager)
        assert "../systmone/" not in text_of(client, f"/admin/wards/ward/{byron.pk}/change/")
        assert client.get(f"/admin/wards/ward/{byron.pk}/systmone/").status_code == 404


def test_people_of_other_wards_see_nothing(
    gateway: Gateway, stay: Stay, discharge: Discharge, client: Client
) -> None:
    ended = discharge(stay)
    client.force_login(member_of(WardFactory.create()))
    for path in ("", "state/", "delete/"):
        assert client.get(f"{log_page(ended)}systmone/{path}").status_code == 404
