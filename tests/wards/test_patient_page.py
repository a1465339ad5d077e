"""The page of a patient: who they are, what happened, who has looked; and how they are found."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from audit.models import AuditEvent
from tests.factories import BedFactory, PatientFactory, UserFactory, WardFactory, member_of
from wards import admissions, leave, timeline
from wards.actors import person
from wards.models import Alert, LegalStatus, Patient, Stay, User, Ward
from wards.timeline import Entry

pytestmark = pytest.mark.django_db

TEN = datetime(2026, 1, 27, 10, 0, tzinfo=UTC)
NHS_NUMBER = "9434765919"


@pytest.fixture(autouse=True)
def _at_ten_in_the_morning() -> Iterator[None]:
    with time_machine.travel(TEN, tick=False):
        yield


@pytest.fixture(autouse=True)
def no_other_rooms() -> Iterator[None]:
    registered = timeline._providers[:]
    timeline._providers.clear()
    yield
    timeline._providers[:] = registered


@pytest.fixture
def beatrice(byron: Ward, sarah: User) -> Stay:
    patient = PatientFactory.create(
        surname="Quill",
        preferred_name="Bea",
        date_of_birth=date(1988, 2, 29),
        nhs_number=NHS_NUMBER,
    )
    patient.alerts.add(Alert.objects.get_or_create(name="Risk of falls")[0])
    return admissions.admit(
        patient=patient,
        ward=byron,
        bed=BedFactory.create(room__ward=byron, room__name="Room 3", name="4"),
        by=person(sarah),
        legal_status=LegalStatus.SECTION_3,
        legal_status_since=date(2026, 1, 2),
    )


def address(stay: Stay) -> str:
    return f"/patients/{stay.patient_id}/"


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


class TestTheBanner:
    def test_says_who_it_is_about(self, page: Client, beatrice: Stay) -> None:
        text = text_of(page, address(beatrice))
        for words in (
            "QUILL, Beatrice (Bea)",
            "29 Feb 1988 (37 years)",
            "943 476 5919",
            "Risk of falls",
            "Section 3, since 2 Jan 2026",
            "Byron, Room 3, bed 4",
            "On the ward",
        ):
            assert words in text

    def test_gives_the_age_of_a_baby_in_months(self, page: Client, byron: Ward) -> None:
        patient = PatientFactory.create(date_of_birth=date(2025, 6, 28))
        stay = admissions.admit(patient=patient, ward=byron, by=person(member_of(byron)))
        assert "(6 months)" in text_of(page, address(stay))


class TestTheTimeline:
    def test_tells_what_happened_the_latest_first_by_day(
        self, page: Client, beatrice: Stay, sarah: User
    ) -> None:
        with time_machine.travel(datetime(2026, 1, 28, 9, 0, tzinfo=UTC), tick=False):
            leave.go_on_leave(stay=beatrice, by=person(sarah), reason="Home for a night")
            page.force_login(sarah)
            text = text_of(page, address(beatrice))

        parts = [
            "Wednesday 28 January 2026",
            "Went on leave: Home for a night",
            "Tuesday 27 January 2026",
            "Admitted: Byron, Room 3, bed 4",
            "by Sarah Johnson",
        ]
        places = [text.index(part) for part in parts[:4]]
        assert places == sorted(places)
        assert parts[4] in text

    def test_holds_what_other_rooms_know(self, page: Client, beatrice: Stay, sarah: User) -> None:
        def work_of(patient_id: int, user: User) -> list[Entry]:
            assert (patient_id, user) == (beatrice.patient_id, sarah)
            return [Entry(TEN, "Phoned the family", "Amir Hussain", "/tasks/pt1/")]

        timeline.register(work_of)
        timeline.register(work_of)

        text = text_of(page, address(beatrice))
        assert text.count('<a href="/tasks/pt1/">Phoned the family</a>') == 1
        assert "by Amir Hussain" in text

    def test_that_is_long_begins_with_the_latest_and_leads_to_the_rest(
        self, page: Client, beatrice: Stay
    ) -> None:
        timeline.register(
            lambda *_: [Entry(TEN, f"Entry number {number}") for number in range(120)]
        )

        assert "Show 21 earlier entries" in text_of(page, address(beatrice))
        assert "Admitted" in text_of(page, f"{address(beatrice)}?everything=yes")

    def test_takes_the_same_number_of_queries_whatever_the_rows(
        self,
        page: Client,
        beatrice: Stay,
        sarah: User,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        page.get(address(beatrice))
        for doubled in range(2):
            for _ in range(5 * doubled):
                stay = leave.go_on_leave(stay=Stay.objects.get(pk=beatrice.pk), by=person(sarah))
                leave.come_back(stay=stay, by=person(sarah))
                beatrice.patient.alerts.add(Alert.objects.create(name=f"Alert {stay.version}"))
            with django_assert_num_queries(17):
                page.get(address(beatrice))


class TestWhoHasViewed:
    def test_every_view_is_written_down_and_shown(
        self, page: Client, beatrice: Stay, byron: Ward
    ) -> None:
        colleague = Client()
        colleague.force_login(member_of(byron, name="Amir Hussain"))
        colleague.get(address(beatrice))

        assert "Amir Hussain, Tue 27 Jan, 10:00" in text_of(page, address(beatrice))
        view = AuditEvent.objects.latest("sequence")
        assert (view.action, view.object_type, view.object_id, view.actor_name, view.ward) == (
            "patient.view",
            "patient",
            str(beatrice.patient_id),
            "Sarah Johnson",
            "Byron",
        )

    def test_the_last_twenty_are_shown(self, page: Client, beatrice: Stay) -> None:
        for _ in range(22):
            page.get(address(beatrice))
        assert text_of(page, address(beatrice)).count("<li>Sarah Johnson") == 20

    def test_a_view_that_found_nothing_is_none(self, page: Client) -> None:
        shelley = WardFactory.create(name="Shelley")
        stay = admissions.admit(
            patient=PatientFactory.create(), ward=shelley, by=person(member_of(shelley))
        )
        assert page.get(address(stay)).status_code == 404
        assert not AuditEvent.objects.filter(action="patient.view").exists()


class TestWhoMaySee:
    def test_a_patient_who_was_discharged_stays_with_the_last_ward(
        self, page: Client, beatrice: Stay
    ) -> None:
        Stay.objects.update(status="discharged", discharged_at=TEN, bed=None)
        text = text_of(page, address(beatrice))
        assert "Discharged" in text

    def test_a_patient_who_came_to_another_ward_is_seen_there_only(
        self, page: Client, beatrice: Stay
    ) -> None:
        Stay.objects.update(status="discharged", discharged_at=TEN, bed=None)
        shelley = WardFactory.create(name="Shelley")
        there = person(member_of(shelley))
        admissions.admit(patient=beatrice.patient, ward=shelley, by=there)

        assert page.get(address(beatrice)).status_code == 404
        page.force_login(member_of(shelley))
        assert page.get(address(beatrice)).status_code == 200

    def test_a_patient_who_was_never_on_a_ward_is_not_found(self, page: Client) -> None:
        assert page.get(f"/patients/{PatientFactory.create().pk}/").status_code == 404

    def test_a_number_that_is_none_finds_nothing(self, page: Client) -> None:
        for number in ("0", "99999999999999999999999", "1x"):
            assert page.get(f"/patients/{number}/").status_code == 404


class TestTheSearchBox:
    def search(self, client: Client, words: str) -> str:
        response = client.post("/patients/", {"words": words})
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    @pytest.mark.parametrize(
        "words",
        [
            "quill",
            "QUILL, Beatrice",
            "beatr qui",
            "Bea",
            "943 476 5919",
            "9434765919",
            "5919",
            "bed 4",
            "room 3 bed 4",
            "byron 4",
        ],
    )
    def test_finds_by_name_number_or_bed(self, page: Client, beatrice: Stay, words: str) -> None:
        text = self.search(page, words)
        assert f'href="{address(beatrice)}">QUILL, Beatrice (Bea)</a>' in text
        for shown in ("29 Feb 1988", "943 476 5919", "Byron, Room 3, bed 4"):
            assert shown in text

    @pytest.mark.parametrize(
        "words", ["bed 44", "quills", "943 476 5918", "uill", "roo 4", " ", "%", "_"]
    )
    def test_finds_nobody_by_what_is_not_so(self, page: Client, beatrice: Stay, words: str) -> None:
        assert address(beatrice) not in self.search(page, words)

    @pytest.mark.parametrize("words", ["zoe obrien-lowe", "ZOË O'BRIEN", "o'brien lów", "O\u2019B"])
    def test_cares_for_no_accents_or_capitals(
        self, page: Client, byron: Ward, sarah: User, words: str
    ) -> None:
        patient = PatientFactory.create(first_name="Zoë", surname="O'Brien-Łowe")
        admissions.admit(patient=patient, ward=byron, by=person(sarah))
        assert f"/patients/{patient.pk}/" in self.search(page, words)

    def test_finds_on_the_wards_of_the_person_only(self, page: Client) -> None:
        shelley = WardFactory.create(name="Shelley")
        patient = PatientFactory.create(surname="Quill")
        admissions.admit(patient=patient, ward=shelley, by=person(member_of(shelley)))
        text = self.search(page, "quill")
        assert "Nobody on your wards" in text
        assert "/patients/{patient.pk}/" not in text

    def test_finds_the_discharged_after_the_others_and_by_no_bed(
        self, page: Client, beatrice: Stay, byron: Ward
    ) -> None:
        Stay.objects.update(status="discharged", discharged_at=TEN)
        namesake = PatientFactory.create(surname="Quillon")
        admissions.admit(patient=namesake, ward=byron, by=person(member_of(byron)))
        text = self.search(page, "quill")
        assert text.index("QUILLON") < text.index("QUILL, Beatrice (Bea)")
        assert "Discharged from Byron" in text
        assert address(beatrice) not in self.search(page, "bed 4")

    def test_shows_fifty_and_says_that_there_are_more(self, page: Client, byron: Ward) -> None:
        patients = [PatientFactory.create(surname="Quill") for _ in range(51)]
        Stay.objects.bulk_create(
            Stay(patient=patient, ward=byron, admitted_at=TEN) for patient in patients
        )
        text = self.search(page, "quill")
        assert text.count("QUILL, Beatrice</a>") == 50
        assert "These are the first 50; there are more." in text

    def test_keeps_the_words_out_of_addresses_and_the_log(
        self, page: Client, beatrice: Stay
    ) -> None:
        assert address(beatrice) not in text_of(page, "/patients/?words=quill")
        self.search(page, "quill")
        logged = AuditEvent.objects.latest("sequence")
        assert (logged.action, logged.detail) == (
            "patient.search",
            {"found": [beatrice.patient_id]},
        )

    @pytest.mark.parametrize(("tier", "is_there"), [("light", 0), ("medium", 0), ("max", 1)])
    def test_stands_on_every_page_where_the_tier_has_patients(
        self, page: Client, settings: Settings, tier: str, is_there: int
    ) -> None:
        settings.HUB_TIER = tier
        for path in ("/wards/byron/diary/", "/guides/"):
            text = text_of(page, path)
            assert text.count('action="/patients/"') == is_there
            assert text.count('href="/beds/"') == is_there

    def test_is_not_for_people_without_a_ward(self, client: Client) -> None:
        client.force_login(UserFactory.create())
        assert 'action="/patients/"' not in text_of(client, "/guides/")

    def test_needs_the_form_token(self, sarah: User) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(sarah)
        assert strict.post("/patients/", {"words": "quill"}).status_code == 403

    def test_takes_the_same_number_of_queries_whatever_it_finds(
        self,
        page: Client,
        byron: Ward,
        sarah: User,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for _ in range(2):
            for _ in range(3):
                admissions.admit(patient=PatientFactory.create(), ward=byron, by=person(sarah))
            assert Patient.objects.exists()
            with django_assert_num_queries(9):
                self.search(page, "quill")
