"""A patient comes, moves, goes on leave and comes back, as a nurse does it."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import check
from tests.browser.conftest import AtABrowser
from tests.browser.nurse import Nurse
from tests.browser.test_every_page import DESK, PHONE, check_in_all_modes
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


def admits_beatrice(nurse: Nurse) -> None:
    nurse.opens("/wards/byron/beds/")
    check(nurse.page)
    nurse.bed("Room 2, bed 1").get_by_role("link", name="Admit").click()
    check(nurse.page)
    nurse.types(First_name="Beatrice", Surname="Quill")
    nurse.types_date("Date of birth", 29, 2, 1988)
    nurse.page.get_by_label("NHS number", exact=True).fill("943 476 5918")
    nurse.chooses("Legal status", "Section 3")
    nurse.clicks("Admit")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_from_admission_to_the_return_from_leave(
    at_a_browser: AtABrowser, sarah: User, marsh: Stay, width: int
) -> None:
    nurse = at_a_browser(sarah, width=width).expects("status of 422")
    admits_beatrice(nurse)
    expect(nurse.page.locator(".nhsuk-error-summary")).to_be_focused()
    expect(nurse.warning).to_contain_text("This is not an NHS number")
    expect(nurse.warning).to_contain_text("Say since when this holds: Section 3.")
    check(nurse.page)

    nurse.page.get_by_label("NHS number", exact=True).fill("943 476 5919")
    nurse.types_date("Section began on", 2, 1, 2026)
    nurse.clicks("Admit")
    nurse.reads("The patient is admitted.")
    for words in ("QUILL, Beatrice", "943 476 5919", "Section 3, since 2 Jan 2026"):
        expect(nurse.banner).to_contain_text(words)
    expect(nurse.banner).to_contain_text("Byron, Room 2, bed 1")
    check(nurse.page)

    nurse.follows("Move to another bed")
    expect(nurse.banner).to_contain_text("QUILL, Beatrice")
    check(nurse.page)
    nurse.page.get_by_label("Room 10, bed 1").check()
    nurse.clicks("Move to another bed")
    expect(nurse.banner).to_contain_text("Byron, Room 10, bed 1")

    nurse.follows("Go on leave")
    nurse.types(Reason_or_plan="Home until Sunday")
    nurse.clicks("Go on leave")
    expect(nurse.banner).to_contain_text("On leave")
    expect(nurse.page.get_by_role("region", name="Timeline")).to_contain_text(
        "Went on leave: Home until Sunday, by Sarah Johnson"
    )
    check(nurse.page)
    nurse.follows("Byron beds")
    expect(nurse.bed("Room 10, bed 1")).to_contain_text("On leave")
    expect(nurse.bed("Room 2, bed 1")).to_contain_text("Free")
    check(nurse.page)

    nurse.looks_for("9434765919")
    check(nurse.page)
    nurse.follows("QUILL, Beatrice")
    nurse.follows("Has returned")
    nurse.clicks("The patient has returned")
    nurse.reads("The patient is back on the ward.")
    expect(nurse.banner).to_contain_text("On the ward")
    nurse.page.get_by_text("Who has viewed this patient").click()
    expect(nurse.page.get_by_text("Sarah Johnson, Tue 27 Jan, 10:00").first).to_be_visible()
    check(nurse.page)


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
