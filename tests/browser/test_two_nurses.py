"""Two nurses at two computers want the same task."""

from playwright.sync_api import expect

from tests.browser.accessibility import check
from tests.browser.conftest import AtABrowser
from wards.models import User

ROUND = "Morning medication round"


def test_the_second_to_claim_reads_who_was_first(
    at_a_browser: AtABrowser, sarah: User, amir: User, day: None
) -> None:
    first = at_a_browser(sarah).opens()
    second = at_a_browser(amir, width=390).opens()

    first.presses("Claim", ROUND)
    first.reads(f"You have claimed {ROUND}.")
    second.presses("Claim", ROUND)

    second.reads(f"Nothing was changed: {ROUND} was claimed by Sarah Johnson at 10:00.")
    expect(second.card(ROUND)).to_contain_text("Sarah Johnson, since 10:00")
    expect(second.button("Take over", ROUND)).to_be_visible()
    expect(second.card(ROUND)).to_be_focused()
    check(second.page)


def test_the_first_sees_that_her_task_was_taken_over(
    at_a_browser: AtABrowser, sarah: User, amir: User, day: None
) -> None:
    first = at_a_browser(sarah).opens()
    first.presses("Claim", ROUND)
    first.reads(f"You have claimed {ROUND}.")

    second = at_a_browser(amir).opens()
    second.presses("Take over", ROUND)
    second.reads(f"You have taken over {ROUND}.")
    first.catches_up()

    expect(first.card(ROUND)).to_contain_text("Amir Hussain, since 10:00")
