"""What every page owes to everybody: WCAG 2.2, level AA, as far as a machine can tell."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
SMALLEST_TARGET = 24  # CSS pixels (2.5.8); the skip link has no size until it has the focus
SMALL_TARGETS = """(smallest) =>
  [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter((one) => one.checkVisibility() && !one.matches(".nhsuk-skip-link, [type=hidden]"))
    .filter((one) => {
      const { width, height } = one.getBoundingClientRect();
      return width < smallest || height < smallest;
    })
    .map((one) => one.outerHTML.slice(0, 120))
"""

AXE = Axe().axe_script


def check(page: Page) -> None:
    """Fail if something on the page, as it stands, keeps somebody out."""
    assert not violations(page), f"{page.title()}: see the rules and elements above"
    assert not page.evaluate(SMALL_TARGETS, SMALLEST_TARGET), f"{page.title()}: too small to hit"
    check_reflow(page)


def violations(page: Page) -> list[str]:
    """Print the broken rules with their elements; return the rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {"runOnly": LEVELS, "resultTypes": ["violations"]}
    broken = page.evaluate("async (options) => (await axe.run(options)).violations", options)
    for rule in broken:
        print(f"{rule['id']}: {rule['help']}")
        for node in rule["nodes"]:
            print(f"  {node['html'][:200]}")
    return [rule["id"] for rule in broken]


def check_reflow(page: Page) -> None:
    """Fail if the page is wider than its window (1.4.10)."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.evaluate("window.innerWidth"), f"{page.title()}: {width} pixels wide"
