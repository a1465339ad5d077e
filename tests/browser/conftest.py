"""Stories in a real browser, on the real pages of a real server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.day import plan_day
from tests.browser.nurse import Nurse
from tests.factories import WardFactory, member_of
from wards.models import Role, User, Ward

TEN_IN_THE_MORNING = datetime(2026, 1, 27, 10, 0, tzinfo=UTC)
PATIENCE = 15_000  # milliseconds
PASSWORD = "a-long-night-on-byron"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]

AtABrowser = Callable[..., Nurse]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _at_ten_in_the_morning() -> Iterator[None]:
    with time_machine.travel(TEN_IN_THE_MORNING):
        yield


@pytest.fixture
def at_a_browser(chromium: Browser, live_server: LiveServer) -> Iterator[AtABrowser]:
    """Return a function that gives a person a browser of their own, signed in as `user`.

    When the story is over, no browser may have complained.
    """
    with ExitStack() as at_the_end:

        def at_a_browser(
            user: User | None = None, *, width: int = 1280, height: int = 800, scripts: bool = True
        ) -> Nurse:
            context = chromium.new_context(
                viewport={"width": width, "height": height},
                java_script_enabled=scripts,
                locale="en-GB",
                timezone_id="Europe/London",
            )
            context.set_default_timeout(PATIENCE)
            at_the_end.callback(context.close)
            if user:
                _sign_in(context, user, live_server.url)
            nurse = Nurse(context.new_page(), live_server.url)
            seated.append(nurse)
            return nurse

        seated: list[Nurse] = []
        yield at_a_browser
        troubles = [trouble for nurse in seated for trouble in nurse.troubles]
    assert not troubles


def _sign_in(context: BrowserContext, user: User, server: str) -> None:
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": server}])


@pytest.fixture
def byron(transactional_db: None) -> Ward:
    return WardFactory.create(name="Byron")


@pytest.fixture
def sarah(byron: Ward) -> User:
    return member_of(
        byron,
        name="Sarah Johnson",
        email="sarah.johnson@example.nhs.uk",
        job_title="Staff nurse",
        password=_hash_of_password(),
    )


@cache
def _hash_of_password() -> str:
    return make_password(PASSWORD)


@pytest.fixture
def amir(byron: Ward) -> User:
    return member_of(byron, name="Amir Hussain")


@pytest.fixture
def manager(byron: Ward) -> User:
    return member_of(
        byron,
        name="Amina Yusuf",
        job_title="Ward manager",
        role=Role.WARD_ADMIN,
        password=_hash_of_password(),
    )


@pytest.fixture
def day(byron: Ward, sarah: User, amir: User) -> None:
    plan_day(byron, done_by=sarah, claimed_by=amir)


@pytest.fixture
def nurse(at_a_browser: AtABrowser, sarah: User, day: None) -> Nurse:
    """Sarah Johnson, with the diary of a realistic day on her screen."""
    return at_a_browser(sarah).opens("/wards/byron/diary/")
