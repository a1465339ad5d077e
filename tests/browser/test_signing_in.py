"""A nurse comes on duty, and leaves the computer to the next one."""

import re

from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, AtABrowser
from tests.browser.nurse import Nurse
from wards.models import User


def test_a_nurse_signs_in_and_sees_the_shift_on_duty_first(
    at_a_browser: AtABrowser, sarah: User, day: None
) -> None:
    nurse = at_a_browser().opens("/")

    nurse.signs_in(sarah.email, PASSWORD)

    expect(nurse.page).to_have_title(re.compile("^Byron ward diary, Tuesday 27 January 2026"))
    expect(nurse.heading).to_have_text("Byron ward diary Tuesday 27 January 2026")
    sections = nurse.page.get_by_role("heading", level=2)
    shifts = ["Early 07:00 to 14:30", "Late 14:00 to 21:30", "Night 21:00 to 07:30"]
    expect(sections).to_have_text([shifts[0], "Appointments", "Patient tasks", *shifts[1:]])
    expect(nurse.shift("Early").get_by_text("Now", exact=True)).to_be_visible()
    expect(nurse.page.get_by_text("Now", exact=True)).to_have_count(1)


def test_a_wrong_password_opens_nothing(at_a_browser: AtABrowser, sarah: User) -> None:
    nurse = at_a_browser().opens("/")

    nurse.signs_in(sarah.email, "not-my-password")

    expect(nurse.warning).to_contain_text("not correct")
    expect(nurse.heading).to_have_text("Sign in")


def test_a_page_left_open_over_the_end_of_a_session_leads_to_sign_in_and_back(
    nurse: Nurse, sarah: User
) -> None:
    nurse.opens("/wards/byron/diary/2026-01-26/")
    Session.objects.all().delete()

    nurse.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(nurse.heading).to_have_text("Sign in")
    nurse.signs_in(sarah.email, PASSWORD)

    expect(nurse.heading).to_have_text("Byron ward diary Monday 26 January 2026")


def test_a_click_after_the_end_of_a_session_leads_to_sign_in_and_changes_nothing(
    nurse: Nurse, sarah: User
) -> None:
    Session.objects.all().delete()

    nurse.presses("Complete", "Morning medication round")
    expect(nurse.heading).to_have_text("Sign in")
    nurse.signs_in(sarah.email, PASSWORD)

    expect(nurse.button("Complete", "Morning medication round")).to_be_visible()


def test_a_page_from_before_somebody_signed_in_anew_says_that_it_is_too_old(
    nurse: Nurse, sarah: User
) -> None:
    nurse.expects("status of 403", "Response Status Error Code 403")
    another_tab = Nurse(nurse.page.context.new_page(), nurse.server).opens("/")
    another_tab.page.get_by_role("button", name="Log out").click()
    another_tab.signs_in(sarah.email, PASSWORD)
    expect(another_tab.heading).to_contain_text("Byron")

    nurse.presses("Complete", "Morning medication round")

    expect(nurse.warning).to_contain_text("not saved: this page is too old")
    nurse.page.reload()
    nurse.presses("Complete", "Morning medication round")
    nurse.reads("Morning medication round is done.")
