"""Without JavaScript every action works through plain forms, and comes back to the diary."""

import pytest
from playwright.sync_api import expect

from tasks.models import Task
from tests.browser.conftest import AtABrowser
from tests.browser.day import claim
from tests.browser.nurse import Nurse
from wards.models import User

ROUND = "Morning medication round"
CLAIMED_BY_AMIR = "Ward round preparation"


@pytest.fixture
def plain(at_a_browser: AtABrowser, sarah: User, day: None) -> Nurse:
    """Sarah Johnson, with the diary in a browser that runs no script."""
    return at_a_browser(sarah, scripts=False).opens("/wards/byron/diary/")


def is_back_at_the_card(nurse: Nurse, title: str) -> None:
    task = Task.objects.get(title=title)
    expect(nurse.page).to_have_url(
        f"{nurse.server}/wards/byron/diary/?show={task.public_id}#{task.public_id}"
    )
    expect(nurse.card(title)).to_be_in_viewport()


@pytest.mark.parametrize(
    ("button", "sentence"),
    [
        ("Claim", f"You have claimed {ROUND}."),
        ("Start", f"You have started {ROUND}."),
        ("Complete", f"{ROUND} is done."),
    ],
)
def test_a_click_comes_back_with_its_sentence(plain: Nurse, button: str, sentence: str) -> None:
    if button == "Start":
        plain.opens_more(ROUND)
    plain.presses(button, ROUND)
    plain.reads(sentence)
    is_back_at_the_card(plain, ROUND)


def test_release(plain: Nurse, sarah: User) -> None:
    claim(Task.objects.get(title=ROUND), sarah)
    plain.opens()
    plain.opens_more(ROUND)
    plain.presses("Release", ROUND)
    plain.reads(f"You have released {ROUND}.")
    is_back_at_the_card(plain, ROUND)


def test_take_over(plain: Nurse) -> None:
    plain.presses("Take over", CLAIMED_BY_AMIR)
    plain.reads(f"You have taken over {CLAIMED_BY_AMIR}.")
    is_back_at_the_card(plain, CLAIMED_BY_AMIR)


def test_undo(plain: Nurse) -> None:
    plain.presses("Complete", ROUND)
    plain.presses("Undo", ROUND)
    plain.reads(f"{ROUND} is to do again.")
    is_back_at_the_card(plain, ROUND)


def test_a_stale_page_is_told_who_was_first(plain: Nurse, amir: User) -> None:
    claim(Task.objects.get(title=ROUND), amir)
    plain.presses("Claim", ROUND)
    plain.reads(f"Nothing was changed: {ROUND} was claimed by Amir Hussain at 10:00.")
    is_back_at_the_card(plain, ROUND)


def test_a_task_is_worked_on_from_its_own_page(plain: Nurse) -> None:
    plain.follows(ROUND)
    plain.presses("Complete", ROUND)
    plain.reads(f"{ROUND} is done.")
    is_back_at_the_card(plain, ROUND)
