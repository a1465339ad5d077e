"""The local page: SystmOne's message audit, and what its user could click."""

import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode, urlsplit

import pytest
from lxml import html

from systmone.simulator import UNLIMITED, Simulator
from systmone.simulator.page import AuditPage
from tests.systmone.simulator.raw import IDENTITY, NUMBER, OPEN, Answer, RawClient, note, request


class Browser:
    """Speaks to one page."""

    def __init__(self, page: AuditPage) -> None:
        self.host = urlsplit(page.url).netloc
        self.own = {"Host": self.host, "Origin": f"http://{self.host}"}

    def send(self, method: str, path: str, body: str = "", **headers: str) -> HTTPResponse:
        connection = HTTPConnection(self.host, timeout=5)
        connection.request(method, path, body or None, headers or self.own)
        response = connection.getresponse()
        self.text = response.read().decode()
        connection.close()
        return response

    def get(self, path: str = "/") -> html.HtmlElement:
        assert self.send("GET", path).status == 200
        return html.fromstring(self.text)

    def press(self, action: str, **fields: str) -> int:
        return self.send("POST", action, urlencode(fields)).status


@pytest.fixture
def browser(simulator: Simulator) -> Iterator[Browser]:
    with AuditPage(simulator, 0) as page:
        yield Browser(page)


def functions(page: html.HtmlElement) -> list[str]:
    (table,) = page.xpath("//table[starts-with(caption, 'Messages')]")
    return [str(text) for text in table.xpath("tbody/tr/td[2]/text()")]


def test_messages_are_shown_newest_first(browser: Browser, client: RawClient) -> None:
    client.call("GetFunctions")
    client.call("PatientSearch")
    assert functions(browser.get()) == ["PatientSearch", "GetFunctions"]


def test_messages_can_be_filtered_by_outcome(browser: Browser, client: RawClient) -> None:
    client.call("GetFunctions")
    client.call("PatientSearch")
    page = browser.get("/?outcome=refused+permanently")
    assert functions(page) == ["PatientSearch"]
    assert page.xpath("//nav//a[@aria-current]/text()") == ["refused permanently"]


def test_a_message_shows_its_xml_escaped(browser: Browser, client: RawClient) -> None:
    client.call("PatientSearch", "<Surname>&lt;script&gt;alert(1)&lt;/script&gt;</Surname>")
    (link,) = browser.get().xpath("//table//a/@href")
    page = browser.get(str(link))
    request_text, error = (pre.text_content() for pre in page.xpath("//pre"))
    assert "<Surname>" in request_text
    assert "At least two" in error
    assert "<script" not in browser.text


def test_hostile_names_are_escaped(browser: Browser, client: RawClient) -> None:
    client.call("GetFunctions", device="", version="&lt;img src=x onerror=alert(1)&gt;")
    assert not browser.get().xpath("//img")


def test_a_person_approves_on_the_page() -> None:
    with (
        Simulator(limits=UNLIMITED, approve="ask") as simulator,
        AuditPage(simulator, 0) as page,
        RawClient(simulator) as client,
    ):
        browser = Browser(page)
        client.send(request("GetFunctions", device="", version="ward-hub v2"))
        simulator.devices.wait_for_question(2)
        section = browser.get().xpath("//section[@aria-labelledby='approval']")[0]
        assert "ward-hub v2" in section.text_content()
        assert browser.press("/approve") == 303
        assert len(Answer(client.read()).root.findtext("DeviceID") or "") == 16
        assert not browser.get().xpath("//section[@aria-labelledby='approval']")


def test_a_person_blocks_on_the_page_and_lifts_the_block() -> None:
    with (
        Simulator(limits=UNLIMITED, approve="ask") as simulator,
        AuditPage(simulator, 0) as page,
        RawClient(simulator) as client,
    ):
        browser = Browser(page)
        client.send(request("GetFunctions", device=""))
        simulator.devices.wait_for_question(2)
        browser.press("/block")
        assert "blocked" in Answer(client.read()).refusal[0]
        (device,) = browser.get().xpath("//input[@name='device']/@value")
        assert browser.press("/lift-block", device=str(device)) == 303
        client.send(request("GetFunctions", device=""))
        assert simulator.devices.wait_for_question(2) is not None


@pytest.mark.parametrize(("action", "kept"), [("/save", True), ("/discard", False)])
def test_the_user_saves_or_discards_on_the_page(
    *,
    browser: Browser,
    client: RawClient,
    action: str,
    kept: bool,
) -> None:
    client.call("UpdatePatientRecord", IDENTITY + note("on the page") + OPEN)
    assert (
        "unsaved" in browser.get().xpath("//section[@aria-labelledby='record']")[0].text_content()
    )
    assert browser.press(action) == 303
    assert ("on the page" in client.simulator.committed_lines(NUMBER)) is kept


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"X-Nothing": "no origin at all"},
    ],
)
def test_another_site_cannot_press_a_button(
    browser: Browser, client: RawClient, headers: dict[str, str]
) -> None:
    client.call("UpdatePatientRecord", IDENTITY + note("x") + OPEN)
    sent = {"Host": browser.host, **headers}
    assert browser.send("POST", "/save", "", **sent).status == 403
    assert "x" not in client.simulator.committed_lines(NUMBER)


def test_another_name_for_this_machine_shows_nothing(browser: Browser) -> None:
    assert browser.send("GET", "/", Host="evil.example").status == 421


def test_the_page_lets_no_script_run(browser: Browser) -> None:
    policy = browser.send("GET", "/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_the_page_can_be_read_by_everybody(browser: Browser, client: RawClient) -> None:
    client.call("GetFunctions")
    page = browser.get()
    assert page.get("lang") == "en-GB"
    assert page.xpath("//title/text()")
    assert len(page.xpath("//main")) == len(page.xpath("//h1")) == 1
    for table in page.xpath("//table"):
        assert table.xpath("caption/text()")
        assert set(table.xpath(".//th/@scope")) == {"col", "row"}
    assert not page.xpath("//meta[@http-equiv='refresh']")
    assert browser.get("/?refresh=yes").xpath("//meta[@http-equiv='refresh']")


def test_unknown_addresses_are_not_found(browser: Browser) -> None:
    assert browser.send("GET", "/message/99").status == 404
    assert browser.send("GET", "/../etc/passwd").status == 404
    assert browser.press("/explode") == 404


def test_a_page_that_is_left_leaves_no_thread(simulator: Simulator) -> None:
    before = threading.active_count()
    with AuditPage(simulator, 0):
        pass
    assert threading.active_count() == before
