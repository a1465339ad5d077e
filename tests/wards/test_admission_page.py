"""Admitting a patient: in short, in full, and everything that may be wrong."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from audit.models import AuditEvent
from tests.factories import BedFactory, PatientFactory, WardFactory, beds_on, member_of
from wards import admissions
from wards.actors import person
from wards.models import Alert, Bed, Patient, Stay, User, Ward

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db

TEN = datetime(2026, 1, 27, 10, 0, tzinfo=UTC)
NHS_NUMBER = "9434765919"
SHORT, LONG = "/wards/byron/admit/", "/wards/byron/admit/in-full/"


@pytest.fixture(autouse=True)
def _at_ten_in_the_morning() -> Iterator[None]:
    with time_machine.travel(TEN, tick=False):
        yield


@pytest.fixture
def byron() -> Ward:
    return WardFactory.create(name="Byron", capacity=2)


@pytest.fixture
def bed(byron: Ward) -> Bed:
    return BedFactory.create(room__ward=byron, room__name="Room 3", name="4")


def typed(**changes: object) -> dict[str, object]:
    """Return what a nurse typed into the short form, but for `changes`."""
    return {
        "first_name": "Beatrice",
        "surname": "Quill",
        "date_of_birth_0": "29",
        "date_of_birth_1": "2",
        "date_of_birth_2": "1988",
        "sex": "F",
        "nhs_number": "943 476 5919",
        "legal_status": "informal",
        **changes,
    }


def discharged(patient: Patient, ward: Ward) -> Stay:
    stay = admissions.admit(patient=patient, ward=ward, by=person(member_of(ward)))
    Stay.objects.filter(pk=stay.pk).update(status="discharged", discharged_at=TEN)
    return stay


def words(answer: "Answer") -> str:
    return " ".join(answer.content.decode().split()).replace("> ", ">")


class TestTheShortForm:
    def test_admits_to_a_bed_and_leads_to_the_patient(
        self, page: Client, byron: Ward, bed: Bed
    ) -> None:
        answer = page.post(
            SHORT,
            typed(
                bed=bed.pk,
                legal_status="3",
                legal_status_since_0="2",
                legal_status_since_1="1",
                legal_status_since_2="2026",
            ),
        )

        stay = Stay.objects.get()
        assert answer["Location"] == f"/patients/{stay.patient_id}/"
        assert (stay.ward, stay.bed, stay.legal_status) == (byron, bed, "3")
        assert stay.legal_status_since == date(2026, 1, 2)
        patient = stay.patient
        assert (patient.name, patient.nhs_number) == ("QUILL, Beatrice", NHS_NUMBER)
        assert (patient.date_of_birth, patient.sex) == (date(1988, 2, 29), "F")
        assert "The patient is admitted." in words(page.get(answer["Location"]))

    def test_needs_neither_bed_nor_nhs_number(self, page: Client, byron: Ward) -> None:
        assert page.post(SHORT, typed(nhs_number="")).status_code == 302
        stay = Stay.objects.get()
        assert stay.place == "No bed assigned"
        assert stay.patient.nhs_number_in_words == "not yet known"

    def test_offers_the_free_beds_and_has_the_pressed_one_chosen(
        self, page: Client, byron: Ward, sarah: User, bed: Bed
    ) -> None:
        (taken,) = beds_on(byron, 1)
        admissions.admit(patient=PatientFactory.create(), ward=byron, bed=taken, by=person(sarah))
        text = words(page.get(f"{SHORT}?bed={bed.pk}"))
        assert f'<option value="{bed.pk}" selected>Room 3, bed 4</option>' in text
        assert str(taken) not in text

    def test_leads_to_the_long_one_and_back(self, page: Client, bed: Bed) -> None:
        assert f'formaction="{LONG}?bed={bed.pk}"' in words(page.get(f"{SHORT}?bed={bed.pk}"))
        assert f'formaction="{SHORT}"' in words(page.get(LONG))

    @pytest.mark.parametrize("path", [SHORT, LONG])
    def test_takes_what_was_typed_along_to_the_other_one(
        self, page: Client, bed: Bed, path: str
    ) -> None:
        half = typed(bed=bed.pk, surname="", date_of_birth_2="", other_form="yes")
        answer = page.post(path, half)

        text = words(answer)
        assert answer.status_code == 200
        assert "There is a problem" not in text
        for kept in ('value="Beatrice"', 'value="29"', 'value="943 476 5919"'):
            assert kept in text
        assert f'<option value="{bed.pk}" selected>' in text
        assert '<option value="F" selected>' in text
        assert not Patient.objects.exists()


class TestTheLongForm:
    def test_takes_all_that_is_known(
        self, page: Client, byron: Ward, sarah: User, bed: Bed
    ) -> None:
        falls = Alert.objects.get_or_create(name="Risk of falls")[0]
        page.post(
            LONG,
            typed(
                bed=bed.pk,
                preferred_name="Bea",
                alerts=[falls.pk],
                named_nurse=sarah.pk,
                consultant="Dr Ada Marsh",
                expected_discharge_on_0="3",
                expected_discharge_on_1="2",
                expected_discharge_on_2="2026",
            ),
        )

        stay = Stay.objects.get()
        assert stay.patient.name == "QUILL, Beatrice (Bea)"
        assert list(stay.patient.alerts.all()) == [falls]
        assert (stay.named_nurse, stay.consultant) == (sarah, "Dr Ada Marsh")
        assert stay.expected_discharge_on == date(2026, 2, 3)

    def test_offers_the_people_of_the_ward_as_named_nurse(self, page: Client, sarah: User) -> None:
        elsewhere = member_of(WardFactory.create(), name="Amir Hussain")
        text = words(page.get(LONG))
        assert "Sarah Johnson</option>" in text
        assert elsewhere.name not in text


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({"surname": " "}, "surname", "Type the surname."),
            ({"nhs_number": "943 476 5918"}, "nhs_number", "This is not an NHS number"),
            ({"nhs_number": "12345"}, "nhs_number", "This is not an NHS number"),
            ({"date_of_birth_2": "2027"}, "date_of_birth", "Type a day, a month and a year"),
            (
                {"date_of_birth_0": "28", "date_of_birth_2": "2027"},
                "date_of_birth",
                "The date of birth is in the future",
            ),
            ({"date_of_birth_2": "1788"}, "date_of_birth", "too long ago"),
            (
                {"date_of_birth_0": "", "date_of_birth_1": "", "date_of_birth_2": ""},
                "date_of_birth",
                "Type the date of birth.",
            ),
            ({"date_of_birth_1": "Feb"}, "date_of_birth", "Type a day, a month and a year"),
            ({"date_of_birth_2": "9" * 9}, "date_of_birth", "Type a day, a month and a year"),
            ({"legal_status": "3"}, "legal_status_since", "Say since when this holds: Section 3."),
            (
                {
                    "legal_status": "3",
                    "legal_status_since_0": "28",
                    "legal_status_since_1": "1",
                    "legal_status_since_2": "2026",
                },
                "legal_status_since",
                "This date is in the future",
            ),
            (
                {
                    "legal_status": "3",
                    "legal_status_since_0": "28",
                    "legal_status_since_1": "2",
                    "legal_status_since_2": "1988",
                },
                "legal_status_since",
                "This is before the date of birth",
            ),
            ({"bed": "999"}, "bed", "Somebody is in this bed"),
        ],
    )
    def test_is_said_at_the_field_and_what_was_typed_is_kept(
        self, page: Client, changes: dict[str, str], field: str, sentence: str
    ) -> None:
        answer = page.post(SHORT, typed(**changes))

        text = words(answer)
        assert answer.status_code == 422
        assert "There is a problem" in text
        assert re.search(f'<a href="#id_{field}">[^<]*{sentence}', text)
        assert f'id="id_{field}"' in text
        assert 'value="Beatrice"' in text
        assert not Patient.objects.exists()

    def test_a_discharge_before_the_admission(self, page: Client) -> None:
        answer = page.post(
            LONG,
            typed(
                expected_discharge_on_0="26",
                expected_discharge_on_1="1",
                expected_discharge_on_2="2026",
            ),
        )
        assert "The expected discharge is before the admission" in words(answer)

    def test_a_bed_taken_meanwhile(self, page: Client, byron: Ward, sarah: User, bed: Bed) -> None:
        admissions.admit(patient=PatientFactory.create(), ward=byron, bed=bed, by=person(sarah))
        text = words(page.post(SHORT, typed(bed=bed.pk)))
        assert '<a href="#id_bed">Somebody is in this bed: choose another.' in text
        assert 'value="Beatrice"' in text
        assert Patient.objects.count() == 1

    def test_a_full_ward(self, page: Client, byron: Ward, sarah: User) -> None:
        for _ in range(2):
            admissions.admit(patient=PatientFactory.create(), ward=byron, by=person(sarah))
        assert "Byron is full: its capacity is 2." in words(page.post(SHORT, typed()))
        assert Patient.objects.count() == 2

    def test_another_ward(self, page: Client) -> None:
        WardFactory.create(name="Shelley")
        assert page.post("/wards/shelley/admit/", typed()).status_code == 404
        assert not Patient.objects.exists()


class TestANumberThatTheHubKnows:
    @pytest.fixture
    def known(self) -> Patient:
        return PatientFactory.create(
            surname="Quillon", first_name="Bea", nhs_number=NHS_NUMBER, sex="M"
        )

    def test_is_said_and_nothing_is_merged(self, page: Client, known: Patient) -> None:
        answer = page.post(SHORT, typed())

        assert answer.status_code == 422
        text = words(answer)
        assert "A patient with this NHS number is in the Hub already." in text
        assert "QUILLON, Bea</strong>, born 1 Jan 1980" in text
        assert f'name="known" type="checkbox" value="{known.pk}"' in text
        assert 'value="Beatrice"' in text
        assert not Stay.objects.exists()
        view = AuditEvent.objects.latest("sequence")
        assert (view.action, view.object_id) == ("patient.view", str(known.pk))

    def test_may_be_of_the_same_person_who_is_then_admitted_as_the_hub_knows_them(
        self, page: Client, byron: Ward, bed: Bed, known: Patient
    ) -> None:
        answer = page.post(SHORT, typed(bed=bed.pk, known=str(known.pk)))

        assert answer["Location"] == f"/patients/{known.pk}/"
        stay = Stay.objects.get()
        assert (stay.patient, stay.ward, stay.bed) == (known, byron, bed)
        known.refresh_from_db()
        assert (known.name, known.sex) == ("QUILLON, Bea", "M")

    def test_is_admitted_only_with_that_number(self, page: Client, known: Patient) -> None:
        for number, pk in ((NHS_NUMBER, known.pk + 1), ("", known.pk), (NHS_NUMBER, "x")):
            page.post(SHORT, typed(nhs_number=number, known=str(pk)))
            assert not known.stays.exists()

    def test_leads_to_a_patient_of_the_persons_wards(
        self, page: Client, byron: Ward, known: Patient
    ) -> None:
        assert f'href="/patients/{known.pk}/"' not in words(page.post(SHORT, typed()))
        discharged(known, byron)
        assert f'href="/patients/{known.pk}/"' in words(page.post(SHORT, typed()))

    def test_of_a_patient_who_is_on_the_ward_leads_to_them(
        self, page: Client, byron: Ward, sarah: User, known: Patient
    ) -> None:
        admissions.admit(patient=known, ward=byron, by=person(sarah))
        text = words(page.post(SHORT, typed(known=str(known.pk))))
        assert "This patient is on Byron already." in text
        assert f'href="/patients/{known.pk}/"' in text
        assert Stay.objects.count() == 1

    def test_of_a_patient_on_a_ward_out_of_sight_tells_nothing_of_them(
        self, page: Client, known: Patient
    ) -> None:
        shelley = WardFactory.create(name="Shelley")
        admissions.admit(patient=known, ward=shelley, by=person(member_of(shelley)))
        text = words(page.post(SHORT, typed()))
        assert "This patient is on another ward; ask for a transfer." in text
        for secret in ("Shelley", "QUILLON", f"/patients/{known.pk}/"):
            assert secret not in text
        event = AuditEvent.objects.latest("sequence")
        assert (event.action, event.outcome, event.object_id, event.ward) == (
            "stay.admit",
            "refused",
            str(known.pk),
            "Byron",
        )

    @pytest.mark.parametrize("path", [SHORT, LONG])
    def test_leads_from_a_patient_out_of_sight_to_nobody(
        self, page: Client, known: Patient, path: str
    ) -> None:
        shelley = WardFactory.create(name="Shelley")
        discharged(known, shelley)
        assert page.get(f"{path}?patient={known.pk}").status_code == 404
        assert page.post(f"{path}?patient={known.pk}", typed()).status_code == 404
        assert page.get(f"{path}?patient=x").status_code == 404


class TestAPseudoNumberThatTheHubKnows:
    NUMBER = "P0000001"

    @pytest.fixture
    def known(self) -> Patient:
        return PatientFactory.create(surname="Quillon", pseudo_number=self.NUMBER)

    def typed(self, **changes: object) -> dict[str, object]:
        return typed(nhs_number="", pseudo_number=self.NUMBER, **changes)

    def test_is_said_and_nothing_is_merged(self, page: Client, known: Patient) -> None:
        text = words(page.post(LONG, self.typed()))

        assert '<a href="#id_pseudo_number">A patient with this pseudo-number is in the Hub' in text
        assert f'name="known" type="checkbox" value="{known.pk}"' in text
        assert not Stay.objects.exists()

    def test_may_be_of_the_same_person(self, page: Client, known: Patient) -> None:
        page.post(LONG, self.typed(known=str(known.pk)))

        assert Stay.objects.get().patient == known
        assert Patient.objects.count() == 1

    def test_of_a_patient_on_the_ward_leads_to_them(
        self, page: Client, byron: Ward, sarah: User, known: Patient
    ) -> None:
        admissions.admit(patient=known, ward=byron, by=person(sarah))
        text = words(page.post(LONG, self.typed()))
        assert '<a href="#id_pseudo_number">This patient is on Byron already.' in text
        assert f'href="/patients/{known.pk}/"' in text


class TestAdmittingAgain:
    @pytest.fixture
    def known(self, byron: Ward) -> Patient:
        patient = PatientFactory.create(
            surname="Quill", preferred_name="Bea", nhs_number=NHS_NUMBER, pseudo_number="P1"
        )
        patient.alerts.add(Alert.objects.get_or_create(name="Risk of falls")[0])
        discharged(patient, byron)
        return patient

    def test_is_offered_on_the_page_of_who_is_discharged_only(
        self, page: Client, byron: Ward, known: Patient
    ) -> None:
        button = f'href="{SHORT}?patient={known.pk}">Admit again to Byron</a>'
        assert button in words(page.get(f"/patients/{known.pk}/"))
        admissions.admit(patient=known, ward=byron, by=person(member_of(byron)))
        assert button not in words(page.get(f"/patients/{known.pk}/"))

    @pytest.mark.parametrize("path", [SHORT, LONG])
    def test_has_the_known_details_filled_in_and_is_a_read(
        self, page: Client, known: Patient, path: str
    ) -> None:
        text = words(page.get(f"{path}?patient={known.pk}"))
        for detail in ('value="Quill"', 'value="Beatrice"', 'value="943 476 5919"', "1980"):
            assert detail in text
        if path == LONG:
            assert 'value="Bea"' in text
            assert 'value="P1"' in text
            assert re.search('type="checkbox" value="[0-9]+" checked', text)
        view = AuditEvent.objects.latest("sequence")
        assert (view.action, view.object_id) == ("patient.view", str(known.pk))

    def test_begins_a_stay_and_keeps_what_the_form_does_not_ask(
        self, page: Client, known: Patient, bed: Bed
    ) -> None:
        answer = page.post(f"{SHORT}?patient={known.pk}", typed(surname="Marsh", bed=bed.pk))

        assert answer["Location"] == f"/patients/{known.pk}/"
        stay = Stay.objects.open().get()
        assert (stay.patient, stay.bed) == (known, bed)
        assert stay.patient.name == "MARSH, Beatrice (Bea)"
        assert [alert.name for alert in stay.patient.alerts.all()] == ["Risk of falls"]
        assert Patient.objects.count() == 1
        edit = AuditEvent.objects.get(action="stay.edit")
        assert edit.detail["fields"] == ["surname", "date_of_birth", "sex"]

    def test_without_a_change_is_an_admission_alone(self, page: Client, known: Patient) -> None:
        same = {"date_of_birth_0": "1", "date_of_birth_1": "1", "date_of_birth_2": "1980"}
        page.post(f"{SHORT}?patient={known.pk}", typed(sex="U", **same))

        stay = Stay.objects.open().get()
        assert [event.action for event in stay.events.all()] == ["admit"]

    def test_refuses_the_number_of_somebody_else(self, page: Client, known: Patient) -> None:
        PatientFactory.create(nhs_number="9990000018")
        path = f"{SHORT}?patient={known.pk}"
        text = words(page.post(path, typed(nhs_number="9990000018")))
        assert "Another patient in the Hub has this NHS number." in text
        assert not Stay.objects.open().exists()

    def test_of_who_was_admitted_meanwhile_leads_to_them(
        self, page: Client, byron: Ward, known: Patient
    ) -> None:
        admissions.admit(patient=known, ward=byron, by=person(member_of(byron)))
        answer = page.post(f"{SHORT}?patient={known.pk}", typed())
        assert answer["Location"] == f"/patients/{known.pk}/"
        assert "your page was out of date" in words(page.get(answer["Location"]))
        assert Stay.objects.open().count() == 1


@pytest.mark.parametrize("tier", ["light", "medium"])
@pytest.mark.parametrize("path", [SHORT, LONG])
def test_without_patients_in_the_tier_none_can_be_stored(
    page: Client, settings: Settings, tier: str, path: str
) -> None:
    settings.HUB_TIER = tier
    assert page.post(path, typed()).status_code == 404
    assert not Patient.objects.exists()
