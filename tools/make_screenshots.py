"""Take the pictures of README and guides anew: `make screenshots` writes docs/images/*.png.

Runs a demo of its own, whose clock stands still, so that the same product gives the same pictures.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from demo.probes import free_port, what_is_missing
from demo.processes import spawn, stop

PROJECT = Path(__file__).resolve().parent.parent
PICTURES = PROJECT / "docs" / "images"
THE_MOMENT = "2026-11-20T10:20:00+00:00"  # a Friday, in the early shift
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--font-render-hinting=none"]
COLOURS = 128
PATIENCE = 600  # seconds, for a machine with much else to do

NURSE, WARD_MANAGER = "Sarah Johnson", "Amina Yusuf"


Preparation = Callable[[Page, str], None]


@dataclass(frozen=True)
class Picture:
    """A picture: its file name, who looks at which address, what comes first, and its size."""

    name: str
    person: str
    address: str
    prepare: Preparation = lambda page, hub: None
    width: int = 1280
    height: int = 800


def main() -> None:
    """Take every picture, or those named on the command line."""
    wanted = [picture for picture in ALL if picture.name in sys.argv[1:] or not sys.argv[1:]]
    with running_demo() as hub, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for picture in wanted:
            file = PICTURES / f"{picture.name}.png"
            file.write_bytes(in_few_colours(take(picture, browser, hub)))
            print(f"{file.relative_to(PROJECT)}: {file.stat().st_size // 1024} KB")
        browser.close()


@contextmanager
def running_demo() -> Iterator[str]:
    """Run a demo in a new folder until the block ends; yield its address."""
    port = free_port()  # and so, as good as surely, are the simulator's above it
    with TemporaryDirectory(prefix="hub-") as folder:
        environment = {
            **os.environ,
            "PYTHONPATH": str(PROJECT / "tools" / "fixed_clock"),
            "FIXED_CLOCK": THE_MOMENT,
            "HUB_DATA": f"{folder}/var",
            "PORT": str(port),
        }
        with (Path(folder) / "demo.log").open("wb") as output:
            command = [sys.executable, "-m", "demo"]
            demo = spawn(command, output=output, environment=environment, folder=PROJECT)
        try:
            deadline = time.monotonic() + PATIENCE
            while missing := what_is_missing(port):
                if demo.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"The demo does not start: {missing}")
                time.sleep(0.5)
            yield f"http://127.0.0.1:{port}"
        finally:
            stop([demo], how=signal.SIGTERM, seconds=30)


def take(picture: Picture, browser: Browser, hub: str) -> bytes:
    """Return `picture` as PNG."""
    page = signed_in(browser, hub, picture.person, width=picture.width, height=picture.height)
    page.goto(f"{hub}{picture.address}")
    picture.prepare(page, hub)
    page.evaluate("document.activeElement.blur()")
    image = page.screenshot(animations="disabled")
    page.context.close()
    return image


def signed_in(browser: Browser, hub: str, person: str, *, width: int, height: int) -> Page:
    """Return a page of a new browser in which `person` has signed in, by one click."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="en-GB",
        timezone_id="Europe/London",
    )
    page = context.new_page()
    page.goto(f"{hub}/account/sign-in/")
    page.get_by_role("button", name=f"Sign in as {person}").click()
    return page


def let_a_nurse_prepare_the_discharge(page: Page, hub: str) -> None:
    browser = page.context.browser
    assert browser is not None  # noqa: S101  for the type checker
    nurse = signed_in(browser, hub, NURSE, width=1280, height=800)
    nurse.goto(page.url)
    nurse.get_by_role("button", name="Start the discharge").click()
    while (done := nurse.get_by_role("button", name="Done")).count():
        done.first.click()
    nurse.context.close()
    page.reload()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")


def in_few_colours(image: bytes) -> bytes:
    """Return a PNG with so few colours that the file is small."""
    reduced = Image.open(BytesIO(image)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    output = BytesIO()
    reduced.save(output, "PNG", optimize=True)
    return output.getvalue()


ALL = (
    Picture("diary", NURSE, "/wards/byron/diary/", height=480),
    Picture("beds", NURSE, "/wards/byron/beds/", height=440),
    Picture("checklist", WARD_MANAGER, "/admin/wards/ward/1/discharge-checklist/", height=560),
    Picture(
        "discharge",
        WARD_MANAGER,
        "/patients/3/discharge/",
        let_a_nurse_prepare_the_discharge,
        height=700,
    ),
)


if __name__ == "__main__":
    main()
