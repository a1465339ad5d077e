"""From ward to ward and from day to day."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import AtABrowser
from tests.browser.nurse import Nurse
from tests.factories import MembershipFactory, TaskFactory, WardFactory
from wards.models import User


@pytest.fixture
def covering(at_a_browser: AtABrowser, sarah: User, day: None) -> Nurse:
    """Sarah Johnson, who covers Shelley as well, with Byron's diary on her screen."""
    shelley = WardFactory.create(name="Shelley")
    MembershipFactory.create(user=sarah, ward=shelley)
    TaskFactory.create(ward=shelley, title="Shelley's own huddle")
    return at_a_browser(sarah).opens("/wards/byron/diary/")


def test_a_nurse_of_several_wards_switches_between_them(covering: Nurse) -> None:
    covering.follows("Shelley")

    expect(covering.heading).to_have_text("Shelley ward diary Tuesday 27 January 2026")
    expect(covering.page.get_by_role("article")).to_have_count(1)
    expect(covering.page.get_by_role("link", name="Shelley", exact=True)).to_have_attribute(
        "aria-current", "page"
    )


def test_the_ward_looked_at_last_is_the_one_that_opens(covering: Nurse) -> None:
    covering.follows("Shelley")
    covering.follows("Guides")
    covering.follows("Diary")
    expect(covering.heading).to_contain_text("Shelley ward diary")


def test_previous_and_next_day_and_back_to_today(nurse: Nurse) -> None:
    nurse.follows("Previous day")
    expect(nurse.heading).to_contain_text("Monday 26 January 2026")
    nurse.follows("Next day")
    expect(nurse.heading).to_contain_text("Tuesday 27 January 2026")
    nurse.follows("Next day")
    expect(nurse.heading).to_contain_text("Wednesday 28 January 2026")
    nurse.follows("Today")
    expect(nurse.page).to_have_url(f"{nurse.server}/wards/byron/diary/")
