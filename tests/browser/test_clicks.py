"""One click does what it says, at once, on the page that is open."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import check
from tests.browser.conftest import AtABrowser
from tests.browser.day import CARRIED_OVER
from tests.browser.nurse import Nurse
from wards.models import User

ROUND = "Morning medication round"
ALLOCATION = "Observations allocation"
FRIDGE = "Fridge temperature"
CLAIMED_BY_AMIR = "Ward round preparation"
DONE = "Safety huddle"


def test_claim_start_and_release(nurse: Nurse) -> None:
    with nurse.stays_on_the_page():
        nurse.presses("Claim", ROUND)
        nurse.reads(f"You have claimed {ROUND}.")
        expect(nurse.card(ROUND)).to_contain_text("You, since 10:00")
        expect(nurse.card(ROUND)).to_be_focused()

        nurse.presses("Start", ROUND)
        nurse.reads(f"You have started {ROUND}.")
        expect(nurse.card(ROUND)).to_contain_text("In progress")

        nurse.opens_more(ROUND)
        nurse.presses("Release", ROUND)
        nurse.reads(f"You have released {ROUND}.")
        expect(nurse.card(ROUND)).to_contain_text("Unclaimed")
        expect(nurse.card(ROUND)).to_be_focused()


def test_complete_and_undo(nurse: Nurse) -> None:
    with nurse.stays_on_the_page():
        nurse.presses("Complete", ROUND)
        nurse.reads(f"{ROUND} is done.")
        expect(nurse.done(ROUND)).to_have_count(1)
        expect(nurse.card(CARRIED_OVER)).to_be_focused()
        check(nurse.page)

        nurse.undoes()
        nurse.reads(f"{ROUND} is to do again.")
        expect(nurse.card(ROUND)).to_be_focused()
        expect(nurse.button("Complete", ROUND)).to_be_visible()


def test_take_over(nurse: Nurse) -> None:
    with nurse.stays_on_the_page():
        expect(nurse.button("Complete", CLAIMED_BY_AMIR)).to_be_hidden()
        nurse.presses("Take over", CLAIMED_BY_AMIR)
        nurse.reads(f"You have taken over {CLAIMED_BY_AMIR}.")
        expect(nurse.card(CLAIMED_BY_AMIR)).to_contain_text("You, since 10:00")
        expect(nurse.card(CLAIMED_BY_AMIR)).to_be_focused()


def test_work_that_was_done_is_undone_from_its_fold(nurse: Nurse) -> None:
    with nurse.stays_on_the_page():
        nurse.opens_done("Early")
        check(nurse.page)
        nurse.presses("Undo", DONE)
        nurse.reads(f"{DONE} is to do again.")
        expect(nurse.done(DONE)).to_have_count(0)
        expect(nurse.card(DONE)).to_be_focused()


def test_completing_with_an_open_fold_leaves_the_focus_with_the_work_to_do(nurse: Nurse) -> None:
    nurse.opens_done("Early")
    nurse.presses("Complete", ROUND)
    expect(nurse.done(ROUND)).to_be_visible()
    expect(nurse.card(CARRIED_OVER)).to_be_focused()


def test_completing_the_last_card_leaves_the_focus_on_the_one_before(nurse: Nurse) -> None:
    nurse.opens_more(CLAIMED_BY_AMIR)
    nurse.presses("Complete", CLAIMED_BY_AMIR)
    nurse.reads(f"{CLAIMED_BY_AMIR} is done.")
    expect(nurse.card(FRIDGE)).to_be_focused()


def test_the_second_half_of_a_double_click_spares_the_card_that_moves_up(nurse: Nurse) -> None:
    nurse.button("Complete", ALLOCATION).hover()
    nurse.page.mouse.down(click_count=1)
    nurse.page.mouse.up(click_count=1)
    nurse.reads(f"{ALLOCATION} is done.")
    expect(nurse.page.locator(".hub-button:hover")).to_have_text(f"Complete {ROUND}")

    nurse.page.mouse.down(click_count=2)
    nurse.page.mouse.up(click_count=2)
    nurse.catches_up()

    expect(nurse.button("Complete", ROUND)).to_be_visible()


def test_what_happened_stays_in_view_however_far_down_the_click_was(
    at_a_browser: AtABrowser, sarah: User, day: None
) -> None:
    nurse = at_a_browser(sarah, width=390).opens("/")

    nurse.presses("Complete", "Doors and fire exits check")

    nurse.reads("Doors and fire exits check is done.")
    assert nurse.scrolled_to() > 1000
    expect(nurse.notice).to_be_in_viewport(ratio=1)
    check(nurse.page)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_menu_hides_nothing(
    at_a_browser: AtABrowser, sarah: User, day: None, width: int
) -> None:
    nurse = at_a_browser(sarah, width=width).opens("/")
    nurse.opens_more(ROUND)
    expect(nurse.button("Start", ROUND)).to_be_visible()
    check(nurse.page)
