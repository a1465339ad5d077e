"""Faults on demand: what the client's side sees of each, and what was committed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from lxml import etree

from systmone.simulator import UNLIMITED, BadFault, Fault, Outcome, Simulator, read_script
from tests.systmone.simulator.raw import IDENTITY, NUMBER, Answer, RawClient, note, request

UPDATE = IDENTITY + note("with a fault")


@contextmanager
def faulty(*faults: str, script: str = "", seed: int = 1) -> Iterator[RawClient]:
    """Run a simulator with these faults, and connect to it."""
    planned = [Fault.read(fault) for fault in faults]
    with (
        Simulator(
            limits=UNLIMITED, faults=planned, script=read_script(script), seed=seed
        ) as running,
        RawClient(running) as client,
    ):
        yield client


def send_update(client: RawClient) -> None:
    client.send(request("UpdatePatientRecord", UPDATE, device=client.device, uid="ours"))


def is_committed(client: RawClient) -> bool:
    client.simulator.journal.wait_for(1, 2)
    entry = client.simulator.journal.of("UpdatePatientRecord")[0]
    written = "with a fault" in client.simulator.committed_lines(NUMBER)
    assert entry.committed == written
    return written


@pytest.mark.parametrize(
    ("kind", "commits"), [("no-answer-before-commit", False), ("no-answer-after-commit", True)]
)
def test_no_answer_comes_on_a_connection_that_stays(*, kind: str, commits: bool) -> None:
    with faulty(f"{kind},count=1") as client:
        send_update(client)
        assert client.is_silent()
        assert is_committed(client) is commits
        assert client.call("GetFunctions").refusal == ("", "")
        assert client.simulator.journal.entries[0].outcome is Outcome.NOT_ANSWERED
        assert client.simulator.journal.entries[0].fault == kind


@pytest.mark.parametrize(
    ("kind", "commits"), [("cut-before-commit", False), ("cut-before-answer", True)]
)
def test_the_connection_is_cut_without_an_answer(*, kind: str, commits: bool) -> None:
    with faulty(kind) as client:
        send_update(client)
        assert client.is_closed()
        assert is_committed(client) is commits


def test_the_connection_is_cut_during_the_answer() -> None:
    with faulty("cut-during-answer") as client:
        send_update(client)
        part = client.read()
        assert part.startswith(b"<?xml")
        assert not part.endswith(b"\n")
        assert is_committed(client)


def test_the_connection_is_cut_after_the_answer() -> None:
    with faulty("cut-after-answer") as client:
        send_update(client)
        assert Answer(client.read()).refusal == ("", "")
        assert client.is_closed()


def test_a_slow_answer_comes_late_and_whole() -> None:
    with faulty("slow,seconds=0.3") as client:
        started = time.monotonic()
        assert client.call("GetFunctions").refusal == ("", "")
        assert 0.3 <= time.monotonic() - started < 1


def test_a_dribbled_answer_comes_byte_by_byte() -> None:
    with faulty("dribble,seconds=0.3") as client:
        started = time.monotonic()
        client.send(request("GetFunctions", device=client.device))
        assert len(client.socket.recv(65536)) < 50
        client.read()
        assert time.monotonic() - started >= 0.25


def test_an_answer_in_fragments_is_whole() -> None:
    with faulty("fragments") as client:
        assert client.call("GetPatientRecord", IDENTITY).text("Identity/NHSNumber") == NUMBER


def test_a_pretty_printed_answer_has_newlines_inside() -> None:
    with faulty("pretty-printed") as client:
        client.send(request("GetFunctions", device=client.device))
        data = client.read()
        assert data.count(b"\n") > 20
        assert len(Answer(data).findall("SupportedFunction")) == 17


def test_an_answer_may_lack_its_newline() -> None:
    with faulty("no-newline") as client:
        client.send(request("GetFunctions", device=client.device))
        time.sleep(0.2)
        assert client.socket.recv(65536).endswith(b"</ClientIntegrationResponse>")
        assert client.is_silent()


@pytest.mark.parametrize(
    ("kind", "permanence"),
    [("temporary-error", "false"), ("record-in-use", "false"), ("permanent-error", "true")],
)
def test_an_error_answer_commits_nothing(kind: str, permanence: str) -> None:
    with faulty(kind) as client:
        assert client.call("UpdatePatientRecord", UPDATE).permanence == permanence
        assert not is_committed(client)


def test_garbage_is_no_xml() -> None:
    with faulty("garbage") as client:
        send_update(client)
        with pytest.raises(etree.XMLSyntaxError):
            etree.fromstring(client.socket.recv(65536))
        assert is_committed(client)


def test_another_requests_answer_comes_instead() -> None:
    with faulty("other-answer") as client:
        send_update(client)
        assert Answer(client.read()).root.findtext("RequestUID") != "ours"
        assert client.is_silent()


def test_another_requests_answer_comes_first() -> None:
    with faulty("other-answer-first") as client:
        send_update(client)
        uids = [Answer(client.read()).root.findtext("RequestUID") for _ in "ab"]
        assert uids[0] != "ours"
        assert uids[1] == "ours"


def test_an_answer_names_another_function() -> None:
    with faulty("wrong-function") as client:
        send_update(client)
        root = Answer(client.read()).root
        assert root.findtext("RequestUID") == "ours"
        assert root.findtext("Function") == "GetFunctions"


@pytest.mark.parametrize(("kind", "commits"), [("restart", False), ("restart-after-commit", True)])
def test_the_client_exits_and_comes_back_with_its_state(*, kind: str, commits: bool) -> None:
    with faulty(f"{kind},seconds=0.3,count=1") as client:
        client.simulator.open_record(client.simulator.numbers[1])
        send_update(client)
        assert client.is_closed()
        with pytest.raises(ConnectionRefusedError):
            RawClient(client.simulator)
        assert is_committed(client) is commits
        time.sleep(0.4)
        with RawClient(client.simulator, device=client.device) as again:
            assert again.call("GetFunctions").refusal == ("", "")
            assert again.call("IsPatientRetrieved").text("IsPatientRetrieved") == "false"


def test_connections_are_refused_for_a_time_after_an_answer() -> None:
    with faulty("refuse-connections,seconds=0.3,count=1") as client:
        assert client.call("UpdatePatientRecord", UPDATE).refusal == ("", "")
        assert client.is_closed()
        with pytest.raises(ConnectionRefusedError):
            RawClient(client.simulator)
        time.sleep(0.4)
        with RawClient(client.simulator, device=client.device) as again:
            assert again.call("GetFunctions").refusal == ("", "")


def refused(client: RawClient, functions: list[str]) -> list[bool]:
    return [client.call(function).permanence == "false" for function in functions]


def test_a_fault_can_be_limited_to_a_function_and_to_some_of_its_requests() -> None:
    functions = ["GetFunctions", "GetDiary", "GetFunctions", "GetFunctions", "GetFunctions"]
    with faulty("temporary-error,function=GetFunctions,after=1,count=2") as client:
        assert refused(client, functions) == [False, False, True, True, False]


def test_a_fault_befalls_a_function_under_both_its_names() -> None:
    with faulty("temporary-error,function=DeleteFromPatientRecord") as client:
        assert refused(client, ["DeletePatientRecord", "GetFunctions"]) == [True, False]


def test_a_rate_befalls_the_same_requests_for_the_same_seed() -> None:
    runs = []
    for seed in (3, 3, 4):
        with faulty("temporary-error,rate=0.5", seed=seed) as client:
            runs.append(refused(client, ["GetFunctions"] * 40))
    assert runs[0] == runs[1] != runs[2]
    assert 8 < sum(runs[0]) < 32


def test_a_script_gives_each_request_its_fault() -> None:
    with faulty(script="ok\ntemporary-error\n\ntemporary-error\n") as client:
        assert refused(client, ["GetFunctions"] * 6) == [False, True, False, True, False, False]


def test_faults_can_be_added_and_cleared_while_it_runs(client: RawClient) -> None:
    client.simulator.faults.add(Fault.read("temporary-error"))
    assert client.call("GetFunctions").permanence == "false"
    client.simulator.faults.clear()
    assert client.call("GetFunctions").refusal == ("", "")


def test_waiting_faults_end_when_the_simulator_stops() -> None:
    started = time.monotonic()
    with faulty("slow,seconds=60") as client:
        send_update(client)
        assert is_committed(client)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "text",
    [
        "explode",
        "slow,seconds=soon",
        "slow,speed=1",
        "slow,rate=2",
        "slow,count=-1",
        "slow,after=1.5",
        "slow,seconds=nan",
        "slow,function=GetFuncions",
        "",
    ],
)
def test_a_text_that_is_no_fault_is_refused(text: str) -> None:
    with pytest.raises(BadFault):
        Fault.read(text)
