"""Everything works without a mouse."""

from playwright.sync_api import expect

from tests.browser.nurse import Nurse

ALLOCATION = "Observations allocation"
ROUND = "Morning medication round"

HAS_A_VISIBLE_FOCUS = """() => {
  const { outlineStyle, outlineColor, boxShadow } = getComputedStyle(document.activeElement);
  const isOutlined = outlineStyle !== "none" && !outlineColor.endsWith(", 0)");
  const { top, bottom } = document.activeElement.getBoundingClientRect();
  return (isOutlined || boxShadow !== "none") && top >= 0 && bottom <= innerHeight;
}"""


def presses_tab_to(nurse: Nurse, name: str) -> None:
    """Tab on until the focus is on `name`; wherever it is on the way, it is seen."""
    target = nurse.page.get_by_role("button", name=name)
    for _ in range(20):
        nurse.page.keyboard.press("Tab")
        assert nurse.page.evaluate(HAS_A_VISIBLE_FOCUS), nurse.focused()
        if nurse.focused() == name:
            break
    expect(target).to_be_focused()


def test_from_the_skip_link_to_the_first_task_done(nurse: Nurse) -> None:
    nurse.page.keyboard.press("Tab")
    expect(nurse.page.get_by_role("link", name="Skip to main content")).to_be_focused()
    assert nurse.page.evaluate(HAS_A_VISIBLE_FOCUS)

    nurse.page.keyboard.press("Enter")
    expect(nurse.page.get_by_role("main")).to_be_focused()
    presses_tab_to(nurse, f"Complete {ALLOCATION}")
    nurse.page.keyboard.press("Enter")

    nurse.reads(f"{ALLOCATION} is done.")
    expect(nurse.card(ROUND)).to_be_focused()
    assert nurse.page.evaluate(HAS_A_VISIBLE_FOCUS)


def test_the_menu_opens_by_enter_and_closes_by_escape(nurse: Nurse) -> None:
    menu = nurse.card(ROUND).get_by_text("More")
    menu.focus()

    nurse.page.keyboard.press("Enter")
    expect(nurse.button("Start", ROUND)).to_be_visible()
    nurse.page.keyboard.press("Tab")
    expect(nurse.button("Start", ROUND)).to_be_focused()

    nurse.page.keyboard.press("Escape")
    expect(nurse.button("Start", ROUND)).to_be_hidden()
    expect(menu).to_be_focused()
