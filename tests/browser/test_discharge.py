"""A patient's last day: a note is written and copied, a discharge is checked and confirmed."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.accessibility import check
from tests.browser.conftest import AtABrowser
from tests.browser.test_every_page import DESK, PHONE, check_in_all_modes
from tests.factories import PatientFactory, beds_on, member_of, senior_admin
from wards import admissions, case_notes, discharges
from wards.actors import person
from wards.models import Role, Stay, User, Ward


@pytest.fixture
def quill(byron: Ward, sarah: User) -> Stay:
    patient = PatientFactory.create(first_name="Beatrice", surname="Quill")
    (bed,) = beds_on(byron, 1)
    return admissions.admit(patient=patient, ward=byron, bed=bed, by=person(sarah))


@pytest.fixture
def amina(byron: Ward) -> User:
    return member_of(byron, role=Role.WARD_ADMIN, name="Amina Yusuf")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_note_is_written_copied_and_amended(
    at_a_browser: AtABrowser, sarah: User, quill: Stay, width: int
) -> None:
    nurse = at_a_browser(sarah, width=width).expects("status of 422")
    nurse.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    nurse.opens(f"/patients/{quill.patient_id}/").follows("Write a case note")
    nurse.clicks("Save the note")
    expect(nurse.warning).to_contain_text("Type the note.")
    check(nurse.page)

    nurse.types(Case_note="Slept well.\nAte breakfast.")
    nurse.clicks("Save the note")
    nurse.reads("The case note is saved.")
    nurse.page.get_by_role("button", name="Copy the note").click()
    expect(nurse.page.locator("[data-copied]")).to_have_text("Copied.")
    assert nurse.page.evaluate("navigator.clipboard.readText()") == "Slept well.\nAte breakfast."
    check(nurse.page)

    nurse.follows("Amend")
    nurse.types(Case_note="Slept until five.")
    nurse.clicks("Save the amendment")
    nurse.reads("The amendment is saved; the original is kept.")
    nurse.follows("by Sarah Johnson")
    expect(nurse.page.locator("#note")).to_have_text("Slept well.\nAte breakfast.")
    check(nurse.page)


@pytest.mark.parametrize(
    "path",
    ["/patients/{patient}/notes/write/", "/notes/{note}/", "/patients/{patient}/discharge/"],
)
def test_the_pages_keep_nobody_out_in_any_mode(
    at_a_browser: AtABrowser, amina: User, sarah: User, quill: Stay, path: str
) -> None:
    note = case_notes.write(stay=quill, text="Slept well.", by=person(sarah))
    discharges.start(stay=quill, by=person(sarah))
    address = path.format(patient=quill.patient_id, note=note.pk)
    check_in_all_modes(at_a_browser(amina), address)


@pytest.mark.parametrize(
    "path",
    [
        "/patients/{patient}/",
        "/patients/{patient}/stays/{earlier}/",
        "/patients/{patient}/stays/{earlier}/discharge/log/",
        "/patients/{patient}/reopen/",
        "/wards/byron/admit/?patient={patient}",
    ],
)
def test_the_pages_after_a_discharge_keep_nobody_out_in_any_mode(
    at_a_browser: AtABrowser, sarah: User, quill: Stay, path: str
) -> None:
    Stay.objects.update(status="discharged", discharged_at=quill.admitted_at)
    admissions.admit(patient=quill.patient, ward=quill.ward, by=person(sarah))
    Stay.objects.update(status="discharged", discharged_at=timezone.now())
    address = path.format(patient=quill.patient_id, earlier=quill.pk)
    check_in_all_modes(at_a_browser(senior_admin()), address)


def test_the_ward_board_shows_who_comes_while_it_lies_open(
    at_a_browser: AtABrowser, sarah: User, quill: Stay
) -> None:
    nurse = at_a_browser(sarah).opens("/wards/byron/beds/")
    link = nurse.page.get_by_role("link", name="QUILL, Beatrice")
    link.focus()
    marsh = PatientFactory.create(first_name="Ada", surname="Marsh")
    admissions.admit(patient=marsh, ward=quill.ward, by=person(sarah))

    nurse.catches_up()

    expect(nurse.page.get_by_role("link", name="MARSH, Ada")).to_be_visible()
    expect(nurse.page.locator("#fullness")).to_contain_text("2 of 20 patients")
    expect(link).to_be_focused()
    check(nurse.page)
