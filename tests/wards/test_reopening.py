"""The page on which a senior admin undoes a discharge."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.factories import PatientFactory, WardFactory, beds_on, member_of, senior_admin
from wards import admissions, moves
from wards.actors import person
from wards.models import Bed, Role, Stay, StayStatus, User, Ward

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)


@pytest.fixture
def bed(byron: Ward) -> Bed:
    return beds_on(byron, 1)[0]


@pytest.fixture
def ended(byron: Ward, bed: Bed, sarah: User) -> Stay:
    stay = admissions.admit(
        patient=PatientFactory.create(), ward=byron, bed=bed, by=person(sarah), at=NOON
    )
    discharge(stay)
    return Stay.objects.get(pk=stay.pk)


def discharge(stay: Stay) -> None:
    Stay.objects.filter(pk=stay.pk).update(status="discharged", discharged_at=NOON)


@pytest.fixture
def senior(client: Client) -> Client:
    client.force_login(senior_admin(name="Ruth Adeyemi"))
    return client


def address(stay: Stay) -> str:
    return f"/patients/{stay.patient_id}/reopen/"


def sent(stay: Stay, reason: str = "The wrong patient was discharged") -> dict[str, object]:
    return {"version": stay.version, "stay_shown": stay.pk, "reason": reason}


def text_after(client: Client, stay: Stay, data: dict[str, object]) -> str:
    return client.post(address(stay), data, follow=True).content.decode()


def test_it_takes_one_press_and_a_reason(senior: Client, ended: Stay, bed: Bed) -> None:
    assert address(ended) in senior.get(f"/patients/{ended.patient_id}/").content.decode()
    assert "Reopen the stay" in senior.get(address(ended)).content.decode()

    text = text_after(senior, ended, sent(ended))

    assert "The stay is reopened, in the same bed." in text
    assert f"Stay reopened: {bed}: The wrong patient was discharged" in text
    assert Stay.objects.get().status == StayStatus.ACTIVE


def test_without_a_reason_nothing_happens(senior: Client, ended: Stay) -> None:
    answer = senior.post(address(ended), sent(ended, reason=" "))

    assert answer.status_code == 422
    assert "Say why the stay is reopened." in answer.content.decode()
    assert Stay.objects.get().status == StayStatus.DISCHARGED


def test_a_bed_taken_meanwhile_is_said(senior: Client, ended: Stay, bed: Bed, sarah: User) -> None:
    waiting = admissions.admit(patient=PatientFactory.create(), ward=ended.ward, by=person(sarah))
    moves.move(stay=waiting, bed=bed, by=person(sarah))

    text = text_after(senior, ended, sent(ended))

    assert "reopened with no bed assigned: the one before is not free" in text
    assert Stay.objects.get(pk=ended.pk).bed is None


def test_a_full_ward_is_said_and_the_reason_kept(senior: Client, ended: Stay, sarah: User) -> None:
    Ward.objects.update(capacity=1)
    admissions.admit(patient=PatientFactory.create(), ward=ended.ward, by=person(sarah))

    text = text_after(senior, ended, sent(ended))

    assert "Byron is full" in text
    assert "The wrong patient was discharged" in text


@pytest.mark.parametrize("days", [-30, 0])
@pytest.mark.parametrize("status", ["active", "discharged"])
def test_a_later_stay_is_not_touched(
    senior: Client, ended: Stay, sarah: User, status: str, days: int
) -> None:
    later = admissions.admit(
        patient=ended.patient,
        ward=ended.ward,
        by=person(sarah),
        admitted_at=NOON + timedelta(days=days),
    )
    if status == "discharged":
        discharge(later)
    before = list(Stay.objects.values())

    assert "your page was out of date" in text_after(senior, ended, sent(ended))
    assert list(Stay.objects.values()) == before


def test_nobody_else_is_offered_it_or_may_do_it(ended: Stay, client: Client) -> None:
    for role in (Role.NORMAL_USER, Role.CONTRIBUTOR, Role.WARD_ADMIN):
        client.force_login(member_of(ended.ward, role=role))
        assert address(ended) not in client.get(f"/patients/{ended.patient_id}/").content.decode()
        assert client.get(address(ended)).status_code == 403
        assert client.post(address(ended), sent(ended)).status_code == 403
    client.force_login(member_of(WardFactory.create(), role=Role.WARD_ADMIN))
    assert client.get(address(ended)).status_code == 404
    assert Stay.objects.get().status == StayStatus.DISCHARGED
