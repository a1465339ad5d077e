"""A patient's work at a browser: added, seen, done and changed."""

from datetime import time

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.accessibility import check
from tests.browser.conftest import AtABrowser
from tests.browser.nurse import Nurse
from tests.browser.test_every_page import DESK, PHONE, check_in_all_modes
from tests.factories import BedFactory
from tests.tasks.patients import patient_on, phone_call, tribunal
from wards.models import Patient, User, Ward

CALL = "Phone his sister"


@pytest.fixture
def beatrice(byron: Ward) -> Patient:
    bed = BedFactory.create(room__ward=byron, room__name="Room 3", name="1")
    return patient_on(
        byron, bed=bed, surname="Quill", first_name="Beatrice", nhs_number="9434765919"
    )


@pytest.fixture
def work(beatrice: Patient, day: None) -> None:
    """A busy day: appointments and tasks for Beatrice, beside the ward's own."""
    tribunal(beatrice, place="Family room", attendees="Dr Grey, Ms Ash (solicitor)", time=time(14))
    tribunal(beatrice, title="Blood test", time=None, day_part="am")
    phone_call(beatrice, priority=3)
    phone_call(beatrice, title="Write the tribunal report", category="documentation")


def choose(nurse: Nurse, label: str, option: str) -> None:
    nurse.page.get_by_label(label, exact=True).select_option(option)


def patient_field(nurse: Nurse) -> Locator:
    """The field that the script puts into the place of the list."""
    return nurse.page.locator("input[role=combobox]")


def pick(nurse: Nurse, typed: str, patient: str) -> None:
    """Find a patient by typing a part of their name or place."""
    patient_field(nurse).fill(typed)
    nurse.page.get_by_role("option", name=patient).click()


def choices(nurse: Nurse) -> Locator:
    return nurse.page.get_by_role("navigation", name="Add")


def section(nurse: Nurse, name: str) -> Locator:
    return nurse.page.get_by_role("region", name=name)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_nurse_adds_a_call_does_it_and_sees_all_work_for_the_patient(
    at_a_browser: AtABrowser, sarah: User, work: None, width: int
) -> None:
    nurse = at_a_browser(sarah, width=width).expects("status of 422")
    nurse.opens("/wards/byron/diary/")
    check(nurse.page)

    nurse.page.locator("summary", has_text="Add").click()
    check(nurse.page)
    with nurse.comes_to_another_page():
        choices(nurse).get_by_role("link", name="Patient task").click()
    check(nurse.page)

    nurse.page.get_by_role("button", name="Add to the diary").click()
    expect(nurse.page.locator(".nhsuk-error-summary")).to_be_focused()
    expect(nurse.page.get_by_role("link", name="Choose a patient.")).to_be_visible()
    check(nurse.page)

    pick(nurse, "quil", "QUILL, Beatrice, Room 3, bed 1")
    nurse.page.get_by_label("What is to be done?").fill("Phone the pharmacy")
    choose(nurse, "Category", "Phone call")
    nurse.page.get_by_role("button", name="Add to the diary").click()

    nurse.reads("Phone the pharmacy is in the diary.")
    card = section(nurse, "Patient tasks").get_by_role("article", name="Phone the pharmacy")
    expect(card).to_contain_text("QUILL, Beatrice")
    expect(card).to_contain_text("Room 3, bed 1")

    with nurse.stays_on_the_page():
        nurse.presses("Complete", "Phone the pharmacy")
        nurse.reads("Phone the pharmacy is done.")
        nurse.undoes()
        expect(nurse.button("Complete", "Phone the pharmacy")).to_be_visible()

    nurse.follows("Phone the pharmacy")
    check(nurse.page)
    nurse.follows("All work for QUILL, Beatrice")
    check(nurse.page)
    nurse.presses("Complete", CALL)
    nurse.reads(f"{CALL} is done.")
    expect(nurse.heading).to_contain_text("Work for QUILL, Beatrice")
    check(nurse.page)


def test_an_appointment_is_added_and_moved_to_the_afternoon(
    at_a_browser: AtABrowser, sarah: User, beatrice: Patient
) -> None:
    nurse = at_a_browser(sarah).opens("/wards/byron/diary/")
    nurse.page.locator("summary", has_text="Add").click()
    choices(nurse).get_by_role("link", name="Appointment").click()
    pick(nurse, "quil", "QUILL, Beatrice, Room 3, bed 1")
    nurse.page.get_by_label("What is the appointment?").fill("Dentist")
    nurse.page.get_by_label("Time", exact=True).fill("11:30")
    nurse.page.get_by_role("button", name="Add to the diary").click()
    expect(section(nurse, "Appointments").get_by_role("article")).to_contain_text("11:30 Dentist")

    nurse.follows("Dentist")
    nurse.follows("Change this task")
    check(nurse.page)
    nurse.page.get_by_label("Time", exact=True).fill("")
    choose(nurse, "If the time is not known: AM or PM", "PM")
    nurse.page.get_by_role("button", name="Save").click()
    nurse.reads("Dentist is changed.")
    expect(section(nurse, "Appointments").get_by_role("article")).to_contain_text("PM Dentist")


@pytest.mark.parametrize(
    "path",
    [
        "/wards/byron/diary/",
        "/wards/byron/diary/2026-01-26/",
        "/wards/byron/diary/2026-01-27/add/ward-task/",
        "/wards/byron/diary/2026-01-27/add/patient-task/",
        "/wards/byron/diary/2026-01-27/add/appointment/",
        "/tasks/{task}/",
        "/tasks/{task}/edit/",
        "/tasks/{task}/cancel/",
        "/patients/{patient}/work/",
    ],
)
def test_every_page_of_a_patients_work_is_for_everybody(
    at_a_browser: AtABrowser, manager: User, beatrice: Patient, work: None, path: str
) -> None:
    task = phone_call(beatrice, title="Assess the risk of falls")
    nurse = at_a_browser(manager)
    check_in_all_modes(nurse, path.format(task=task.public_id, patient=beatrice.pk))


def test_a_patient_who_was_typed_over_is_not_sent(
    at_a_browser: AtABrowser, sarah: User, beatrice: Patient
) -> None:
    nurse = at_a_browser(sarah).expects("status of 422")
    nurse.opens("/wards/byron/diary/2026-01-27/add/patient-task/")
    pick(nurse, "room 3", "QUILL, Beatrice, Room 3, bed 1")
    check(nurse.page)
    patient_field(nurse).fill("Marsh")
    expect(nurse.page.get_by_text("Nobody on this ward fits.")).to_be_visible()
    check(nurse.page)
    nurse.types(**{"What_is_to_be_done?": "Phone the pharmacy"})
    choose(nurse, "Category", "Phone call")
    nurse.clicks("Add to the diary")
    expect(nurse.page.get_by_role("link", name="Choose a patient.")).to_be_visible()
