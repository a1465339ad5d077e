"""The main job of the product: an audit completes itself."""

import json

from playwright.sync_api import expect

from tests.assurance.posting import new_client, post_to
from tests.browser.accessibility import check
from tests.browser.nurse import Nurse
from wards.models import Ward

FRIDGE = "Fridge temperature"
LONGEST_WAIT = 25_000  # milliseconds; the page asks for news every 20 seconds


def test_an_audit_on_the_dashboard_is_done_in_the_diary_before_she_walks_to_the_fridge(
    nurse: Nurse, byron: Ward
) -> None:
    _, key = new_client(byron)
    expect(nurse.button("Complete", FRIDGE)).to_be_visible()

    with nurse.stays_on_the_page():
        status, _, answer = post_to(nurse.server, key)
        assert (status, json.loads(answer)["success"]) == (200, True)

        expect(nurse.done(FRIDGE)).to_have_count(1, timeout=LONGEST_WAIT)

    nurse.opens_done("Early")
    expect(nurse.card(FRIDGE)).to_contain_text("Sarah Johnson, Tue 27 Jan, 08:14")
    expect(nurse.card(FRIDGE)).to_contain_text(
        "Completed by Sarah Johnson on the Assurance Dashboard, synced at 10:00"
        " · Current temp 4.2 In range"
    )
    check(nurse.page)
