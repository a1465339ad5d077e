"""Requests that come too soon get no answer at all."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from systmone.simulator import Limits, Outcome, Simulator
from systmone.simulator.clock import local_now
from tests.systmone.simulator.raw import IDENTITY, NUMBER, Answer, RawClient, note, request

SHORT = 0.2
DEMOGRAPHICS = "<Demographics/>"


def entry_dates(first: int, last: int) -> str:
    """Return a filter on entry dates, in days from today."""
    today = local_now().date()
    return (
        f"<MinEntryDate>{today + timedelta(days=first)}</MinEntryDate>"
        f"<MaxEntryDate>{today + timedelta(days=last)}</MaxEntryDate>"
    )


def record(filters: str = "") -> str:
    """Return the parameters of GetPatientRecord."""
    return IDENTITY + (f"<Filter>{filters}</Filter>" if filters else "")


@contextmanager
def limited(requests: float = 0, records: float = 0) -> Iterator[RawClient]:
    """Run a simulator with these limits, and connect to it."""
    limits = Limits(between_requests=requests, between_records=records)
    with Simulator(limits=limits) as simulator, RawClient(simulator) as client:
        yield client


def test_a_second_request_within_the_limit_is_dropped_unprocessed() -> None:
    with limited(requests=SHORT) as client:
        client.call("GetFunctions")
        update = IDENTITY + note("never written")
        client.send(request("UpdatePatientRecord", update, device=client.device))
        assert client.is_silent()
        assert "never written" not in client.simulator.committed_lines(NUMBER)
        assert [e.outcome for e in client.simulator.journal] == ["answered", "throttled"]


def test_the_limit_counts_over_all_connections() -> None:
    with limited(requests=5) as client, RawClient(client.simulator) as other:
        client.call("GetFunctions")
        other.send(request("GetFunctions", device=other.device))
        assert other.is_silent()


def test_a_request_after_the_limit_is_answered() -> None:
    with limited(requests=SHORT) as client:
        client.call("GetFunctions")
        time.sleep(SHORT)
        assert client.call("GetFunctions").refusal == ("", "")


def test_a_dropped_request_does_not_make_the_next_one_wait_longer() -> None:
    with limited(requests=0.4) as client:
        client.call("GetFunctions")
        time.sleep(0.25)
        client.send(request("GetFunctions", device=client.device))
        time.sleep(0.2)
        assert client.call("GetFunctions", uid="third").root.findtext("RequestUID") == "third"


def test_a_refused_request_counts() -> None:
    with limited(requests=5) as client:
        assert client.call("GetDiary", device="0123456789abcdef").permanence == "true"
        client.send(request("GetFunctions", device=client.device))
        assert client.is_silent()


@pytest.mark.parametrize(
    "filters",
    [
        pytest.param("", id="no filter"),
        pytest.param("<Narrative/>", id="one category"),
        pytest.param(f"{DEMOGRAPHICS}<Narrative/>", id="more than demographics"),
        pytest.param(f"{entry_dates(-1, 0)}<Narrative/>", id="since yesterday"),
        pytest.param(f"{entry_dates(0, 1)}<Narrative/>", id="until tomorrow"),
    ],
)
def test_a_second_whole_record_within_its_limit_is_dropped(filters: str) -> None:
    with limited(records=5) as client:
        client.call("GetPatientRecord", record())
        client.send(request("GetPatientRecord", record(filters), device=client.device))
        assert client.is_silent()
        assert client.call("GetFunctions").refusal == ("", "")


@pytest.mark.parametrize(
    "filters_now",
    [
        pytest.param(lambda: DEMOGRAPHICS, id="demographics alone"),
        pytest.param(lambda: entry_dates(0, 0), id="today's entries"),
        pytest.param(
            lambda: f"{entry_dates(0, 0)}<Narrative/><Tasks/>", id="some of today's entries"
        ),
    ],
)
def test_the_exempt_reads_neither_wait_nor_make_wait(filters_now: Callable[[], str]) -> None:
    filters = filters_now()  # a day may have begun since the tests were collected
    with limited(records=5) as client:
        for parameters in (record(filters), record(), record(filters), record(filters)):
            assert client.call("GetPatientRecord", parameters).refusal == ("", "")


def test_exempt_reads_are_still_limited_as_requests() -> None:
    with limited(requests=5) as client:
        client.call("GetFunctions")
        parameters = record(DEMOGRAPHICS)
        client.send(request("GetPatientRecord", parameters, device=client.device))
        assert client.is_silent()


def test_the_record_limit_ends() -> None:
    with limited(records=SHORT) as client:
        client.call("GetPatientRecord", record())
        time.sleep(SHORT)
        assert client.call("GetPatientRecord", record()).refusal == ("", "")


def test_requests_are_processed_in_the_order_of_their_arrival(client: RawClient) -> None:
    with RawClient(client.simulator) as other:
        for number in range(10):
            sender = client if number % 2 else other
            sender.send(request("GetFunctions", device=sender.device, uid=str(number)))
            Answer(sender.read())
    assert [e.request_uid for e in client.simulator.journal] == [str(n) for n in range(10)]
    assert {e.outcome for e in client.simulator.journal} == {Outcome.ANSWERED}
