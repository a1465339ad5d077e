"""Every page, at a desk and on a phone, by day and by night, is for everybody."""

import pytest
from playwright.sync_api import expect

from library.models import Guide
from tasks.models import Task
from tests.browser.accessibility import check, check_reflow
from tests.browser.conftest import AtABrowser
from tests.browser.day import claim
from tests.browser.nurse import Nurse
from tests.browser.systmone import failed_note, shared_task
from tests.factories import UserFactory
from wards.models import User, Ward

DESK, PHONE, ZOOMED = 1280, 390, 320  # CSS pixels; the last is a desk's screen at 400 %

OPEN_TO_ALL = [
    "/account/sign-in/",
    "/account/password/reset/",
    "/account/password/reset/sent/",
    "/account/password/reset/1-expired/",
]
FOR_STAFF = [
    "/wards/byron/diary/",
    "/wards/byron/diary/2026-01-20/",
    "/my-tasks/",
    "/tasks/{task}/",
    "/tasks/{task}/cancel/",
    "/guides/",
    "/guides/{guide}/",
    "/account/password/",
    "/nowhere/",
]


def check_in_all_modes(nurse: Nurse, path: str) -> None:
    for night_mode, width in (("off", DESK), ("on", PHONE)):  # colours do not depend on widths
        nurse.page.context.add_cookies(
            [{"name": "night_mode", "value": night_mode, "url": nurse.server}]
        )
        nurse.page.set_viewport_size({"width": width, "height": 800})
        nurse.opens(path)
        check(nurse.page)
    nurse.page.set_viewport_size({"width": ZOOMED, "height": 800})
    check_reflow(nurse.page)


@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_a_page_that_is_open_to_all(at_a_browser: AtABrowser, path: str) -> None:
    check_in_all_modes(at_a_browser(), path)


@pytest.mark.parametrize("path", FOR_STAFF)
def test_a_page_for_staff(
    at_a_browser: AtABrowser, byron: Ward, manager: User, day: None, path: str
) -> None:
    task, guide = Task.objects.get(title="Fridge temperature"), Guide.objects.earliest("pk")
    claim(task, manager)
    nurse = at_a_browser(manager).expects("status of 404")
    check_in_all_modes(nurse, path.format(task=task.public_id, guide=guide.slug))


@pytest.mark.parametrize("page", ["diary", "systmone"])
def test_a_page_that_says_what_systmone_needs_somebody_for(
    at_a_browser: AtABrowser, byron: Ward, sarah: User, page: str
) -> None:
    failed_note(byron, sarah)
    nurse = at_a_browser(sarah)
    check_in_all_modes(nurse, f"/wards/byron/{page}/")
    expect(nurse.page.locator("main")).to_contain_text(
        {"diary": "1 note was not sent", "systmone": "SystmOne refuses it."}[page]
    )


@pytest.mark.parametrize("page", ["", "systmone/"])
def test_a_page_of_a_task_that_goes_to_systmone(
    at_a_browser: AtABrowser, byron: Ward, sarah: User, page: str
) -> None:
    nurse, task = at_a_browser(sarah), shared_task(byron, sarah)
    check_in_all_modes(nurse, f"/tasks/{task.public_id}/{page}")
    expect(nurse.page.locator("main")).to_contain_text("Phone the family")


def test_the_header_of_a_ward_admin_is_one_row_at_a_desk(
    at_a_browser: AtABrowser, manager: User
) -> None:
    nurse = at_a_browser(manager, width=DESK).opens("/my-tasks/")
    admin = nurse.page.get_by_role("link", name="Admin", exact=True).bounding_box()
    log_out = nurse.page.get_by_role("button", name="Log out").bounding_box()
    assert admin
    assert log_out
    assert log_out["y"] < admin["y"] + admin["height"]


def test_the_page_for_somebody_without_a_ward(at_a_browser: AtABrowser) -> None:
    check_in_all_modes(at_a_browser(UserFactory.create()), "/")


def test_the_page_for_somebody_without_a_password(at_a_browser: AtABrowser) -> None:
    nurse = UserFactory.create()
    nurse.set_unusable_password()
    nurse.save()
    check_in_all_modes(at_a_browser(nurse), "/account/password/")


def test_a_form_says_what_is_wrong_with_it(
    at_a_browser: AtABrowser, manager: User, day: None
) -> None:
    task = Task.objects.get(title="Fridge temperature")
    nurse = at_a_browser(manager, width=PHONE).expects("status of 422")
    nurse.opens(f"/tasks/{task.public_id}/cancel/")
    nurse.page.get_by_role("button", name="Cancel this task").click()
    expect(nurse.page.locator(".nhsuk-error-summary")).to_be_focused()
    check(nurse.page)


def test_night_mode_is_one_click_and_stays(nurse: Nurse) -> None:
    nurse.page.get_by_role("button", name="Night mode").click()
    nurse.follows("Guides")
    nurse.page.get_by_role("button", name="Day mode").click()
    expect(nurse.page.get_by_role("button", name="Night mode")).to_be_visible()
    expect(nurse.heading).to_have_text("Guides")
