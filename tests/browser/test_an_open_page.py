"""A page that lies open shows what others do, and says when it cannot."""

import re

from playwright.sync_api import expect

from tasks import actions
from tasks.models import Task
from tests.browser.accessibility import check
from tests.browser.conftest import AtABrowser
from tests.browser.day import claim
from tests.browser.nurse import Nurse
from wards.actors import person
from wards.models import User

ROUND = "Morning medication round"
ALLOCATION = "Observations allocation"
EVENING = "Evening medication round"
A_SERVER_LOST = re.compile(
    r"The server has not answered since \d\d:\d\d\. What you see may be out of date\. "
    r"This page tries again every 20 seconds\."
)


def complete(title: str, by: User) -> None:
    actions.complete(task=Task.objects.get(title=title), by=person(by))


def test_a_colleagues_work_appears_and_the_reader_keeps_her_place(
    at_a_browser: AtABrowser, sarah: User, amir: User, day: None
) -> None:
    nurse = at_a_browser(sarah, height=400).opens("/wards/byron/diary/")
    nurse.opens_done("Early")
    nurse.opens_more(ROUND)
    nurse.button("Complete", EVENING).focus()
    nurse.page.evaluate("window.scrollTo(0, 150)")
    complete(ALLOCATION, by=amir)

    with nurse.stays_on_the_page():
        nurse.catches_up()

        expect(nurse.done(ALLOCATION)).to_contain_text("Amir Hussain, Tue 27 Jan, 10:00")
        expect(nurse.done(ALLOCATION)).to_be_visible()
        expect(nurse.button("Start", ROUND)).to_be_visible()
        expect(nurse.button("Complete", EVENING)).to_be_focused()
        assert nurse.scrolled_to() == 150


def test_the_focus_moves_to_the_card_when_a_colleague_takes_the_button_away(
    nurse: Nurse, amir: User
) -> None:
    nurse.button("Claim", ROUND).focus()
    claim(Task.objects.get(title=ROUND), amir)
    nurse.catches_up()
    expect(nurse.card(ROUND)).to_be_focused()


def test_a_colleagues_work_leaves_the_sentence_and_its_undo(nurse: Nurse, amir: User) -> None:
    nurse.presses("Complete", ROUND)
    nurse.reads(f"{ROUND} is done.")
    complete(ALLOCATION, by=amir)

    nurse.catches_up()

    expect(nurse.done(ALLOCATION)).to_have_count(1)
    nurse.undoes()
    nurse.reads(f"{ROUND} is to do again.")


def test_nothing_happens_while_nothing_changes(nurse: Nurse) -> None:
    nurse.page.evaluate("document.getElementById('board').isTheSame = true")
    nurse.catches_up()
    assert nurse.page.evaluate("document.getElementById('board').isTheSame")


def test_a_server_that_is_lost_is_missed_and_found_again(nurse: Nurse) -> None:
    nurse.expects("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    nurse.page.context.set_offline(True)

    nurse.asks_for_news()
    expect(nurse.warning).to_have_text(A_SERVER_LOST)
    check(nurse.page)

    nurse.presses("Complete", ROUND)
    expect(nurse.warning).to_contain_text("Your last click was not saved.")
    nurse.asks_for_news()
    expect(nurse.warning).to_contain_text("Your last click was not saved.")

    nurse.page.context.set_offline(False)
    expect(nurse.warning).to_be_hidden()
    nurse.presses("Complete", ROUND)
    nurse.reads(f"{ROUND} is done.")
