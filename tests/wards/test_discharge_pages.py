"""The pages of a discharge, from its start to the audit log."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.factories import PatientFactory, WardFactory, beds_on, member_of
from wards import admissions, case_notes
from wards.actors import person
from wards.models import DischargeCheck, Role, Stay, StayStatus, User, Ward

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(client: Client, sarah: User) -> Client:
    client.force_login(sarah)
    return client


@pytest.fixture
def manager(byron: Ward) -> Client:
    client = Client()
    client.force_login(member_of(byron, role=Role.WARD_ADMIN, name="Amina Yusuf"))
    return client


@pytest.fixture
def beatrice(byron: Ward, sarah: User) -> Stay:
    patient = PatientFactory.create(surname="Quill", nhs_number="9434765919")
    (bed,) = beds_on(byron, 1)
    return admissions.admit(patient=patient, ward=byron, bed=bed, by=person(sarah))


def address(stay: Stay, step: str = "") -> str:
    return f"/patients/{stay.patient_id}/discharge/{step}"


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def post(client: Client, stay: Stay, step: str, *, follow: bool = False, **fields: str) -> "Answer":
    """Send a form of the page as it stands now."""
    version = Stay.objects.get(pk=stay.pk).version
    data = {"version": str(version), **fields}
    return client.post(address(stay, step), data, follow=follow)


def check_all(client: Client, stay: Stay) -> None:
    for item in DischargeCheck.objects.filter(discharge__stay=stay):
        assert client.post(address(stay, f"{item.pk}/check/")).status_code == 302


def test_from_the_start_to_the_audit_log(
    nurse: Client, manager: Client, beatrice: Stay, sarah: User
) -> None:
    case_notes.write(stay=beatrice, text="Secret words.", by=person(sarah))
    assert "Start the discharge" in text_of(nurse, address(beatrice))
    post(nurse, beatrice, "start/")
    check_all(nurse, beatrice)

    shown = text_of(nurse, address(beatrice))
    assert "Done by Sarah Johnson" in shown
    assert "A ward admin confirms a discharge" in shown
    assert "Confirm the discharge" in text_of(manager, address(beatrice))
    answer = post(manager, beatrice, "confirm/")

    assert answer["Location"] == address(beatrice, "log/")
    log = text_of(manager, address(beatrice, "log/"))
    assert "943 476 5919" in log
    assert "Discharge summary written: Sarah Johnson" in log
    assert "Discharged, by Amina Yusuf" in log
    assert "Secret words." not in log
    assert "Write a case note" not in text_of(nurse, f"/patients/{beatrice.patient_id}/")


def test_what_is_missing_is_named(nurse: Client, manager: Client, beatrice: Stay) -> None:
    post(nurse, beatrice, "start/")

    answer = post(manager, beatrice, "confirm/", follow=True)

    assert "Not yet: Tasks resolved or handed on, Discharge summary written" in (
        answer.content.decode()
    )
    assert Stay.objects.get().status == StayStatus.PENDING_DISCHARGE


def test_a_tick_is_taken_back(nurse: Client, beatrice: Stay) -> None:
    post(nurse, beatrice, "start/")
    item = DischargeCheck.objects.first()
    assert item is not None
    nurse.post(address(beatrice, f"{item.pk}/check/"))
    nurse.post(address(beatrice, f"{item.pk}/uncheck/"))

    item.refresh_from_db()
    assert item.done_at is None


def test_sending_back_takes_a_reason(nurse: Client, manager: Client, beatrice: Stay) -> None:
    post(nurse, beatrice, "start/")

    refused = post(manager, beatrice, "back/", reason="")
    assert refused.status_code == 422
    assert "Say why the discharge is sent back." in refused.content.decode()
    post(manager, beatrice, "back/", reason="No medicines yet")

    assert Stay.objects.get().status == StayStatus.ACTIVE
    assert "No medicines yet" in text_of(nurse, f"/patients/{beatrice.patient_id}/")


def test_who_may_not_decide_is_told_and_changes_nothing(nurse: Client, beatrice: Stay) -> None:
    post(nurse, beatrice, "start/")
    check_all(nurse, beatrice)

    answer = post(nurse, beatrice, "confirm/", follow=True)

    assert "A ward admin confirms a discharge." in answer.content.decode()
    assert Stay.objects.get().status == StayStatus.PENDING_DISCHARGE


def test_a_page_that_is_an_hour_old_changes_nothing(
    nurse: Client, manager: Client, beatrice: Stay
) -> None:
    shown = {"version": str(beatrice.version)}
    post(nurse, beatrice, "start/")
    second = nurse.post(address(beatrice, "start/"), shown, follow=True)
    assert "your page was out of date" in second.content.decode()
    check_all(nurse, beatrice)
    of_the_first = {"version": str(Stay.objects.get().version)}
    post(manager, beatrice, "back/", reason="Not today")
    post(nurse, beatrice, "start/")
    check_all(nurse, beatrice)

    late = manager.post(address(beatrice, "confirm/"), of_the_first, follow=True)

    assert "your page was out of date" in late.content.decode()
    assert Stay.objects.get().status == StayStatus.PENDING_DISCHARGE


def test_the_second_who_confirms_is_told(nurse: Client, manager: Client, beatrice: Stay) -> None:
    post(nurse, beatrice, "start/")
    check_all(nurse, beatrice)
    post(manager, beatrice, "confirm/")

    for step in ("confirm/", "back/", "1/check/", "1/uncheck/"):
        answer = post(manager, beatrice, step, follow=True)
        assert "your page was out of date" in answer.content.decode()


def test_after_the_sign_in_a_click_leads_to_the_page_and_does_nothing(
    nurse: Client, beatrice: Stay
) -> None:
    for step in ("start/", "confirm/", "back/"):
        assert nurse.get(address(beatrice, step))["Location"] == address(beatrice)

    assert Stay.objects.get().status == StayStatus.ACTIVE


def test_who_started_it_may_withdraw(nurse: Client, beatrice: Stay) -> None:
    post(nurse, beatrice, "start/")
    post(nurse, beatrice, "back/", reason="Wrong patient")

    assert Stay.objects.get().status == StayStatus.ACTIVE


def test_another_ward_finds_no_discharge(nurse: Client, beatrice: Stay) -> None:
    post(nurse, beatrice, "start/")
    stranger = Client()
    stranger.force_login(member_of(WardFactory.create(), role=Role.WARD_ADMIN))
    item = DischargeCheck.objects.first()
    assert item is not None

    assert stranger.get(address(beatrice)).status_code == 404
    for step in ("start/", "confirm/", "back/", f"{item.pk}/check/", f"{item.pk}/uncheck/"):
        assert stranger.post(address(beatrice, step), {"version": "1"}).status_code == 404
