"""A person at a browser: the steps of the stories, in the words of the ward."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

ASK_FOR_NEWS = "htmx.trigger(document.querySelector('[data-refresh]'), 'catch-up')"


class Nurse:
    """A person at a browser of their own; each method is something that they do, or look for.

    `troubles` are what the browser complained of: script errors, refused content, failed requests.
    """

    def __init__(self, page: Page, server: str) -> None:
        self.page = page
        self.server = server
        self.troubles: list[str] = []
        self._expected = ["status of 409"]
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        is_expected = any(words in message.text for words in self._expected)
        if message.type in ("error", "warning") and not is_expected:
            self.troubles.append(message.text)

    def expects(self, *troubles: str) -> Self:
        """What the browser is about to complain of belongs to the story."""
        self._expected += troubles
        return self

    # Going somewhere

    def opens(self, path: str = "/") -> Self:
        self.page.goto(f"{self.server}{path}")
        return self

    def signs_in(self, email: str, password: str) -> None:
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def follows(self, link: str) -> None:
        with self.comes_to_another_page():
            self.page.get_by_role("link", name=link).click()

    @contextmanager
    def comes_to_another_page(self) -> Iterator[None]:
        """Wait for the next page: a script must never run in one that is just being replaced."""
        with self.page.expect_navigation():
            yield

    # Working

    def presses(self, button: str, title: str) -> None:
        self.button(button, title).click()

    def undoes(self) -> None:
        self.notice.get_by_role("button", name="Undo").click()

    def opens_more(self, title: str) -> None:
        self.card(title).get_by_text("More").click()

    def opens_done(self, shift: str) -> None:
        self.shift(shift).get_by_text("Done or cancelled").click()

    def asks_for_news(self) -> None:
        """The page asks now, instead of after 20 seconds."""
        self.page.evaluate(ASK_FOR_NEWS)

    def catches_up(self) -> None:
        with self.page.expect_response("**/board/?**"):
            self.asks_for_news()

    # Working with patients

    def looks_for(self, words: str) -> None:
        self.page.get_by_label("Find a patient").fill(words)
        with self.comes_to_another_page():
            self.page.get_by_role("button", name="Find").click()

    def types(self, **texts: str) -> None:
        """Fill in fields by what they are called, with `_` for a space."""
        for label, text in texts.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(text)

    def types_date(self, name: str, day: int, month: int, year: int) -> None:
        date = self.page.get_by_role("group", name=name)
        for label, number in (("Day", day), ("Month", month), ("Year", year)):
            date.get_by_label(label).fill(str(number))

    def chooses(self, label: str, option: str) -> None:
        self.page.get_by_label(label).select_option(option)

    def clicks(self, button: str) -> None:
        """Send a form."""
        with self.comes_to_another_page():
            self.page.get_by_role("button", name=button, exact=True).click()

    # Looking

    def shift(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name)

    def card(self, title: str) -> Locator:
        return self.page.get_by_role("article", name=title)

    def done(self, title: str) -> Locator:
        """The card in a fold of done work, whether that is open or not."""
        return self.page.locator(".hub-closed article", has_text=title)

    def button(self, name: str, title: str) -> Locator:
        return self.card(title).get_by_role("button", name=f"{name} {title}")

    def bed(self, name: str) -> Locator:
        """The row of a bed on the ward board."""
        return self.page.get_by_role("row", name=name)

    @property
    def banner(self) -> Locator:
        """Who the page is about."""
        return self.page.get_by_role("region", name="Patient", exact=True)

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def notice(self) -> Locator:
        return self.page.get_by_role("status")

    @property
    def warning(self) -> Locator:
        return self.page.get_by_role("alert")

    def reads(self, sentence: str) -> None:
        expect(self.notice).to_contain_text(sentence)

    def focused(self) -> str:
        """The words of the control that has the focus."""
        words: str = self.page.evaluate("document.activeElement.textContent")
        return " ".join(words.split())

    def scrolled_to(self) -> int:
        position: int = self.page.evaluate("window.scrollY")
        return position

    @contextmanager
    def stays_on_the_page(self) -> Iterator[None]:
        """No new document is loaded meanwhile, and what reads out the sentences stays in it."""
        address = self.page.url
        self.notice.evaluate("(notice) => { notice.isTheSame = true; }")
        yield
        assert self.notice.evaluate("(notice) => notice.isTheSame"), "the page was loaded anew"
        assert self.page.url == address
