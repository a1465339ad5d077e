"""A clean sheet of paper for the office door."""

import re

from playwright.sync_api import expect

from tests.browser.nurse import Nurse

CONTROLS = "button, summary, nav, input, header, footer, .nhsuk-skip-link, [role=status]"
A_PAGE = re.compile(rb"/Type\s*/Page\b")


def test_a_day_of_fourteen_tasks_is_one_sheet_of_work_alone(nurse: Nurse) -> None:
    nurse.page.emulate_media(media="print")

    assert len(A_PAGE.findall(nurse.page.pdf(format="A4"))) == 1
    expect(nurse.page.locator("article").filter(visible=True)).to_have_count(14)
    expect(nurse.page.locator(CONTROLS).filter(visible=True)).to_have_count(0)
    expect(nurse.page.get_by_role("link", name=re.compile("Guide|Dashboard"))).to_have_count(0)
    expect(nurse.heading).to_contain_text("Tuesday 27 January 2026")
    expect(nurse.page.get_by_text("Updated 10:00")).to_be_visible()
