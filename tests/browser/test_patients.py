"""The pages about patients: for everybody, and safe when they are old."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import check
from tests.browser.conftest import AtABrowser
from tests.browser.test_admission_to_discharge import admits_beatrice
from tests.browser.test_every_page import PHONE, check_in_all_modes
from tests.factories import BedFactory, PatientFactory, WardFactory
from tests.tasks.patients import phone_call
from wards import admissions, leave
from wards.actors import person
from wards.models import Alert, Stay, StayStatus, User, Ward


@pytest.fixture(autouse=True)
def beds(byron: Ward) -> None:
    for number in (1, 2, 10):
        BedFactory.create(room__ward=byron, room__name=f"Room {number}", name="1")


@pytest.fixture
def marsh(byron: Ward, sarah: User) -> Stay:
    """A patient with something of everything."""
    patient = PatientFactory.create(first_name="Omar", surname="Marsh")
    patient.alerts.add(Alert.objects.get_or_create(name="Risk of falls")[0])
    return admissions.admit(
        patient=patient,
        ward=byron,
        bed=byron.rooms.get(name="Room 1").beds.get(),
        by=person(sarah),
        named_nurse=sarah,
    )


def test_an_old_page_changes_nothing_and_shows_how_it_stands(
    at_a_browser: AtABrowser, sarah: User, amir: User, marsh: Stay
) -> None:
    nurse = at_a_browser(sarah).opens(f"/patients/{marsh.patient_id}/leave/")
    leave.be_absent(stay=marsh, by=person(amir))
    nurse.clicks("Go on leave")
    nurse.reads("Nothing was changed: your page was out of date.")
    nurse.reads("Absent without leave, by Amir Hussain")
    expect(nurse.banner).to_contain_text("Absent without leave")
    assert Stay.objects.get(pk=marsh.pk).status == StayStatus.ABSENT


def test_a_patient_whom_the_hub_knows_is_offered_and_never_merged_silently(
    at_a_browser: AtABrowser, sarah: User
) -> None:
    known = PatientFactory.create(surname="Quillon", nhs_number="9434765919")
    nurse = at_a_browser(sarah, width=PHONE).expects("status of 422")
    admits_beatrice(nurse)
    nurse.page.get_by_label("NHS number", exact=True).fill("943 476 5919")
    nurse.chooses("Legal status", "Informal")
    nurse.page.keyboard.press("Enter")
    nurse.clicks("Admit")
    expect(nurse.warning).to_contain_text("A patient with this NHS number is in the Hub already.")
    check(nurse.page)
    nurse.page.get_by_label("This is the same person").check()
    nurse.clicks("Admit")
    expect(nurse.banner).to_contain_text("QUILLON, Beatrice")
    assert known.stays.count() == 1


@pytest.mark.parametrize(
    "path",
    [
        "/wards/byron/beds/",
        "/wards/byron/admit/",
        "/wards/byron/admit/in-full/",
        "/patients/",
        "/patients/{patient}/",
        "/patients/{patient}/edit/",
        "/patients/{patient}/move/",
        "/patients/{patient}/swap/",
        "/patients/{patient}/transfer/",
        "/patients/{patient}/leave/",
        "/patients/{patient}/absence/",
    ],
)
def test_every_page_of_patients_is_for_everybody(
    at_a_browser: AtABrowser, byron: Ward, sarah: User, marsh: Stay, path: str
) -> None:
    bed = byron.rooms.get(name="Room 2").beds.get()
    admissions.admit(patient=PatientFactory.create(), ward=byron, bed=bed, by=person(sarah))
    admissions.admit(patient=PatientFactory.create(), ward=byron, by=person(sarah))
    BedFactory.create(room__ward=WardFactory.create(name="Shelley"))
    phone_call(marsh.patient)
    check_in_all_modes(at_a_browser(sarah), path.format(patient=marsh.patient_id))
