"""One patient's whole stay, as a nurse and her ward manager live it, at a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import check
from tests.browser.conftest import AtABrowser
from tests.browser.nurse import Nurse
from tests.browser.test_every_page import DESK, PHONE
from tests.factories import BedFactory
from wards import discharges
from wards.models import User, Ward


@pytest.fixture(autouse=True)
def beds(byron: Ward) -> None:
    for number in (1, 2, 10):
        BedFactory.create(room__ward=byron, room__name=f"Room {number}", name="1")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_from_admission_to_discharge(
    at_a_browser: AtABrowser, sarah: User, manager: User, width: int
) -> None:
    nurse = at_a_browser(sarah, width=width).expects("status of 422")
    _is_admitted(nurse)
    _moves_to_another_bed(nurse)
    _goes_on_leave_and_comes_back(nurse)
    _gets_a_task(nurse)
    _gets_a_note(nurse)
    _is_prepared_for_discharge(nurse)
    _is_discharged(at_a_browser(manager, width=width).opens("/patients/"), nurse.page.url)
    nurse.opens("/wards/byron/beds/")
    expect(nurse.bed("Room 10, bed 1")).to_contain_text("Free")
    expect(nurse.page.get_by_text("QUILL")).to_have_count(0)
    check(nurse.page)


def admits_beatrice(nurse: Nurse) -> None:
    nurse.opens("/wards/byron/beds/")
    check(nurse.page)
    with nurse.comes_to_another_page():
        nurse.bed("Room 2, bed 1").get_by_role("link", name="Admit").click()
    check(nurse.page)
    nurse.types(First_name="Beatrice", Surname="Quill")
    nurse.types_date("Date of birth", 29, 2, 1988)
    nurse.page.get_by_label("NHS number", exact=True).fill("943 476 5918")
    nurse.chooses("Legal status", "Section 3")
    nurse.clicks("Admit")


def _is_admitted(nurse: Nurse) -> None:
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


def _moves_to_another_bed(nurse: Nurse) -> None:
    nurse.follows("Move to another bed")
    expect(nurse.banner).to_contain_text("QUILL, Beatrice")
    check(nurse.page)
    nurse.page.get_by_label("Room 10, bed 1").check()
    nurse.clicks("Move to another bed")
    expect(nurse.banner).to_contain_text("Byron, Room 10, bed 1")


def _goes_on_leave_and_comes_back(nurse: Nurse) -> None:
    nurse.follows("Go on leave")
    check(nurse.page)
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
    check(nurse.page)
    nurse.clicks("The patient has returned")
    nurse.reads("The patient is back on the ward.")
    expect(nurse.banner).to_contain_text("On the ward")
    nurse.page.get_by_text("Who has viewed this patient").click()
    expect(nurse.page.get_by_text("Sarah Johnson, Tue 27 Jan, 10:00").first).to_be_visible()
    check(nurse.page)


def _gets_a_task(nurse: Nurse) -> None:
    """It is left open, so that the discharge has something to ask about."""
    nurse.follows("All their work")
    check(nurse.page)
    nurse.follows("Add a patient task")
    check(nurse.page)
    nurse.page.get_by_label("What is to be done?").fill("Phone his sister")
    nurse.page.get_by_label("Category", exact=True).select_option("Phone call")
    nurse.clicks("Add to the diary")
    nurse.reads("Phone his sister is in the diary.")
    check(nurse.page)
    nurse.looks_for("Quill")
    nurse.follows("QUILL, Beatrice")


def _gets_a_note(nurse: Nurse) -> None:
    nurse.follows("Write a case note")
    check(nurse.page)
    nurse.types(Case_note="Slept well.")
    nurse.clicks("Save the note")
    nurse.reads("The case note is saved.")
    check(nurse.page)
    nurse.looks_for("Quill")
    nurse.follows("QUILL, Beatrice")


def _is_prepared_for_discharge(nurse: Nurse) -> None:
    nurse.follows("Discharge")
    check(nurse.page)
    nurse.clicks("Start the discharge")
    for name, _ in discharges.DEFAULT_CHECKLIST[:-1]:
        nurse.clicks(f"Done {name}")
        expect(nurse.page.get_by_role("button", name=f"Undo {name}")).to_be_visible()
    expect(nurse.page.get_by_text("A ward admin confirms a discharge")).to_be_visible()
    check(nurse.page)


def _is_discharged(manager: Nurse, address: str) -> None:
    manager.page.goto(address)
    manager.clicks("Confirm the discharge")
    expect(manager.page.get_by_text("Not yet: Property returned.")).to_be_visible()
    check(manager.page)
    manager.clicks("Done Property returned")
    manager.clicks("Confirm the discharge")
    expect(manager.page.locator("#log")).to_contain_text("Property returned: Amina Yusuf")
    check(manager.page)
