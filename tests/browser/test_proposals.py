"""Repeating work at a browser: a nurse proposes it, a ward admin approves it with two clicks."""

from playwright.sync_api import expect

from tests.browser.accessibility import check
from tests.browser.conftest import AtABrowser
from tests.browser.test_every_page import PHONE, check_in_all_modes
from wards.models import User

PROPOSALS = "/wards/byron/proposals/"


def test_a_nurse_proposes_on_a_phone_and_a_ward_admin_approves(
    at_a_browser: AtABrowser, sarah: User, manager: User, day: None
) -> None:
    nurse = at_a_browser(sarah, width=PHONE).expects("status of 422")
    nurse.opens("/wards/byron/diary/2026-01-27/add/ward-task/")
    weekdays = nurse.page.get_by_role("group", name="On which days?")
    expect(weekdays).to_be_hidden()
    nurse.page.get_by_label("Repeats on chosen days of the week").check()
    expect(weekdays).to_be_visible()
    nurse.clicks("Add to the diary")
    expect(nurse.page.locator(".nhsuk-error-summary")).to_be_focused()
    check(nurse.page)
    nurse.types(**{"What_is_to_be_done?": "Water the plants"})
    weekdays.get_by_label("Tuesday").check()
    nurse.clicks("Add to the diary")
    nurse.reads("Water the plants waits for the approval of a ward admin.")

    admin = at_a_browser(manager).expects("status of 422")
    admin.opens("/wards/byron/diary/")
    check(admin.page)
    admin.follows("1 proposed task waits for your approval")
    check_in_all_modes(admin, PROPOSALS)
    admin.follows("Decline Water the plants")
    admin.clicks("Decline")
    check(admin.page)
    admin.opens(PROPOSALS)
    admin.clicks("Approve Water the plants")
    admin.reads("Water the plants is approved: it is in the diary.")
    check(admin.page)
    nurse.opens(f"{PROPOSALS}")
    expect(nurse.page.get_by_role("article")).to_contain_text("Approved by")
