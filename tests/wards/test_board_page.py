"""The ward board: every bed with its patient, and nobody hidden."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from audit.models import AuditEvent
from tests.factories import BedFactory, PatientFactory, WardFactory, beds_on, member_of
from wards import admissions, board_facts, leave
from wards.actors import person
from wards.models import Alert, Bed, LegalStatus, Stay, User, Ward

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db

TEN = datetime(2026, 1, 27, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_ten_in_the_morning() -> Iterator[None]:
    with time_machine.travel(TEN, tick=False):
        yield


@pytest.fixture(autouse=True)
def no_other_rooms() -> Iterator[None]:
    registered = board_facts._providers[:]
    board_facts._providers.clear()
    yield
    board_facts._providers[:] = registered


@pytest.fixture
def byron() -> Ward:
    return WardFactory.create(name="Byron", capacity=20)


def admitted(ward: Ward, by: User, surname: str = "Quill", bed: Bed | None = None) -> Stay:
    patient = PatientFactory.create(surname=surname)
    return admissions.admit(patient=patient, ward=ward, bed=bed, by=person(by))


def text_of(client: Client, path: str = "/wards/byron/beds/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def row_of(client: Client, words: str) -> str:
    (row,) = [row for row in text_of(client).split("<tr ") if words in row]
    return row


class TestABed:
    def test_leaves_out_the_named_nurse_where_the_ward_does(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        (bed, _) = beds_on(byron, 2)
        for place in (bed, None):
            stay = admitted(byron, sarah, bed=place)
            Stay.objects.filter(pk=stay.pk).update(
                named_nurse=member_of(byron, name="Amir Hussain")
            )
        assert text_of(page).count("Amir Hussain") == text_of(page).count("Named nurse") == 2
        assert 'colspan="5"' in text_of(page)

        byron.field_rules = {"named_nurse": "hidden"}
        byron.save()

        assert "Amir Hussain" not in text_of(page)
        assert "Named nurse" not in text_of(page)
        assert 'colspan="4"' in text_of(page)

    def test_shows_its_patient_with_all_that_matters(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        bed = BedFactory.create(room__ward=byron, room__name="Room 3", name="4")
        stay = admissions.admit(
            patient=PatientFactory.create(surname="Quill"),
            ward=byron,
            bed=bed,
            by=person(sarah),
            legal_status=LegalStatus.SECTION_3,
            legal_status_since=date(2026, 1, 2),
            named_nurse=sarah,
        )
        stay.patient.alerts.add(Alert.objects.get_or_create(name="Risk of falls")[0])

        row = row_of(page, "Room 3, bed 4")

        assert f'href="/patients/{stay.patient_id}/">QUILL, Beatrice</a>' in row
        for words in ("Risk of falls", "Section 3", "Sarah Johnson"):
            assert words in row

    def test_tells_in_words_who_is_not_on_the_ward(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        one, other, third = beds_on(byron, 3)
        leave.go_on_leave(stay=admitted(byron, sarah, "Away", one), by=person(sarah))
        leave.be_absent(stay=admitted(byron, sarah, "Gone", other), by=person(sarah))
        pending = admitted(byron, sarah, "Going", third)
        Stay.objects.filter(pk=pending.pk).update(status="pending_discharge")

        assert "On leave" in row_of(page, "AWAY")
        assert "Absent without leave" in row_of(page, "GONE")
        assert "Pending discharge" in row_of(page, "GOING")

    def test_is_free_or_out_of_use_in_words(self, page: Client, byron: Ward) -> None:
        free, closed = beds_on(byron, 2)
        Bed.objects.filter(pk=closed.pk).update(closed_since=date(2026, 1, 1))

        assert "Free" in row_of(page, str(free))
        assert "Out of use" in row_of(page, str(closed))

    def test_that_will_be_closed_is_in_use_until_that_day(self, page: Client, byron: Ward) -> None:
        (bed,) = beds_on(byron, 1)
        Bed.objects.update(closed_since=date(2026, 1, 28))
        assert "Free" in row_of(page, str(bed))
        assert bed in Bed.objects.on(byron)

        Bed.objects.update(closed_since=date(2026, 1, 27))
        assert "Out of use" in row_of(page, str(bed))
        assert bed not in Bed.objects.on(byron)

    def test_that_went_out_of_use_still_shows_who_is_in_it(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        (bed,) = beds_on(byron, 1)
        admitted(byron, sarah, "Quill", bed)
        Bed.objects.update(closed_since=date(2026, 1, 1))

        assert "Bed out of use" in row_of(page, "QUILL")

    def test_stands_in_the_order_of_numbers(self, page: Client, byron: Ward) -> None:
        for number in (10, 2, 1):
            BedFactory.create(room__ward=byron, room__name=f"Room {number}", name="1")
        text = text_of(page)

        places = [text.index(f"Room {number}, bed 1") for number in (1, 2, 10)]
        assert places == sorted(places)


class TestTheWard:
    def test_shows_who_waits_for_a_bed_in_a_section_of_their_own(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        admitted(byron, sarah, "Waiting")
        text = text_of(page)

        section = text[text.index("No bed assigned (1)") : text.index('id="beds"')]
        assert "WAITING, Beatrice" in section

    def test_never_hides_a_patient_whose_bed_went_to_another_ward(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        bed = BedFactory.create(room__ward=byron)
        admitted(byron, sarah, "Quill", bed)
        bed.room.ward = WardFactory.create()
        bed.room.save()

        assert "QUILL, Beatrice" in text_of(page)

    def test_says_how_full_it_is(self, page: Client, byron: Ward, sarah: User) -> None:
        beds = beds_on(byron, 4)
        admitted(byron, sarah, "One", beds[0])
        admitted(byron, sarah, "Two", beds[1])
        admitted(byron, sarah, "Three")

        assert "3 of 20 patients, 2 beds free" in text_of(page)

    def test_shows_neither_the_discharged_nor_other_wards(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        stay = admitted(byron, sarah, "Gone", *beds_on(byron, 1))
        Stay.objects.filter(pk=stay.pk).update(status="discharged", discharged_at=TEN)
        shelley = WardFactory.create()
        admitted(shelley, member_of(shelley), "Elsewhere")
        text = text_of(page)

        assert "GONE" not in text
        assert "ELSEWHERE" not in text

    def test_of_other_people_is_not_found(self, page: Client) -> None:
        WardFactory.create(name="Shelley")
        assert page.get("/wards/shelley/beds/").status_code == 404

    def test_is_the_one_looked_at_last(self, page: Client, sarah: User) -> None:
        keats = WardFactory.create(name="Keats")
        page.force_login(member_of(Ward.objects.get(name="Byron"), keats))
        page.get("/wards/keats/beds/")
        assert page.get("/beds/")["Location"] == "/wards/keats/beds/"


class TestARefresh:
    def version(self, page: Client) -> str:
        (version,) = re.findall('"version": "([0-9a-f]+)"', text_of(page))
        return str(version)

    def refreshed(self, page: Client, version: str) -> "Answer":
        return page.get("/wards/byron/beds/board/", {"version": version})

    def test_answers_nothing_and_is_no_read_while_nothing_is_new(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        admitted(byron, sarah)
        version = self.version(page)
        before = AuditEvent.objects.count()

        assert self.refreshed(page, version).status_code == 204
        assert AuditEvent.objects.count() == before

    def test_answers_the_beds_and_how_full_the_ward_is(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        version = self.version(page)
        stay = admitted(byron, sarah, "Quill")
        answer = self.refreshed(page, version)
        text = " ".join(answer.content.decode().split())

        assert "QUILL, Beatrice" in text
        assert 'hx-swap-oob="true">1 of 20 patients' in text
        assert "<html" not in text
        event = AuditEvent.objects.latest("sequence")
        assert (event.action, event.detail) == ("ward_board.view", {"patients": [stay.patient_id]})

    def test_of_another_ward_is_not_found(self, page: Client) -> None:
        WardFactory.create(name="Shelley")
        assert page.get("/wards/shelley/beds/board/").status_code == 404


def test_a_look_is_one_event_with_the_patients_who_were_seen(
    page: Client, byron: Ward, sarah: User
) -> None:
    stays = [admitted(byron, sarah, bed=bed) for bed in (*beds_on(byron, 1), None)]
    shelley = WardFactory.create()
    admitted(shelley, member_of(shelley))
    before = AuditEvent.objects.count()
    page.get("/wards/byron/beds/")

    event = AuditEvent.objects.latest("sequence")
    assert AuditEvent.objects.count() == before + 1
    assert (event.action, event.ward) == ("ward_board.view", "Byron")
    assert event.detail == {"patients": sorted(stay.patient_id for stay in stays)}


def test_facts_of_other_rooms_are_asked_once_and_shown(
    page: Client, byron: Ward, sarah: User
) -> None:
    asked: list[list[int]] = []
    one, other = (admitted(byron, sarah, name, *beds_on(byron, 1)) for name in ("One", "Other"))

    def work_of(patient_ids: object) -> dict[int, list[str]]:
        asked.append(sorted(patient_ids))  # type: ignore[call-overload]
        return {one.patient_id: ["3 open", "1 overdue"]}

    board_facts.register(work_of)
    board_facts.register(work_of)

    assert "3 open, 1 overdue" in row_of(page, "ONE,")
    assert "overdue" not in row_of(page, "OTHER,")
    assert asked[0] == sorted([one.patient_id, other.patient_id])
    assert len(asked) == 2  # two pages, one question each


@pytest.mark.parametrize("number", [3, 6])
def test_the_board_takes_the_same_number_of_queries_whatever_the_rows(
    page: Client,
    byron: Ward,
    sarah: User,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for bed in [*beds_on(byron, number), *[None] * number]:
        stay = admitted(byron, sarah, bed=bed)
        stay.patient.alerts.add(Alert.objects.get_or_create(name=f"Alert {stay.pk}")[0])
        Stay.objects.filter(pk=stay.pk).update(named_nurse=member_of(byron))
    page.get("/wards/byron/beds/")  # the session now knows the ward
    with django_assert_num_queries(15):
        page.get("/wards/byron/beds/")
