"""A clean sheet of paper for the office door."""

import re

import pytest
from playwright.sync_api import expect

from tasks import actions
from tasks.models import Task
from tests.browser.nurse import Nurse
from wards.actors import person
from wards.models import User

A_PAGE = re.compile(rb"/Type\s*/Page\b")
CONTROLS = "button, summary, nav, input, header, footer, .nhsuk-skip-link, [role=status]"
BLACK = "rgb(0, 0, 0)"
CANCELLED = "Activity group"


@pytest.fixture
def printing(nurse: Nurse) -> Nurse:
    nurse.page.emulate_media(media="print")
    return nurse


def box(nurse: Nurse, title: str) -> str:
    """What stands in the box before a task."""
    card = nurse.page.locator("article", has_text=title)
    content: str = card.evaluate("(card) => getComputedStyle(card, '::before').content")
    return content.strip('"')


def test_a_day_of_fourteen_tasks_is_one_sheet_of_work_alone(printing: Nurse) -> None:
    assert len(A_PAGE.findall(printing.page.pdf(format="A4"))) == 1
    expect(printing.page.locator("article").filter(visible=True)).to_have_count(14)
    expect(printing.page.locator(CONTROLS).filter(visible=True)).to_have_count(0)
    expect(printing.page.get_by_role("link", name=re.compile("Guide|Dashboard"))).to_have_count(0)
    expect(printing.heading).to_contain_text("Tuesday 27 January 2026")
    expect(printing.page.get_by_text("Updated 10:00")).to_be_visible()


def test_a_box_is_ticked_for_what_is_done_alone(printing: Nurse, manager: User) -> None:
    task = Task.objects.get(title=CANCELLED)
    actions.cancel(task=task, by=person(manager), reason="Nobody came")
    printing.opens()
    assert [box(printing, title) for title in ("Linen", "Safety huddle", CANCELLED)] == [
        "",
        "✓",
        "\u2013",
    ]


def test_night_mode_prints_black_on_white_too(printing: Nurse) -> None:
    printing.page.context.add_cookies(
        [{"name": "night_mode", "value": "on", "url": printing.server}]
    )
    printing.opens()
    expect(printing.heading).to_have_css("color", BLACK)
    expect(printing.card("Linen").locator(".hub-card__people")).to_have_css("color", BLACK)
