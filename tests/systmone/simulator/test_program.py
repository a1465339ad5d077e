"""The simulator as a program, its stored unit, and its journal."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from systmone.simulator import UNLIMITED, Outcome, Simulator
from tests.systmone.simulator.raw import (
    IDENTITY,
    NUMBER,
    Answer,
    RawClient,
    RawConnection,
    note,
    request,
)

PROGRAM = """
import argparse, sys
from systmone.simulator.command_line import add_arguments, run
parser = argparse.ArgumentParser()
add_arguments(parser)
sys.exit(run(parser.parse_args()))
"""
LIMITLESS = ("--seconds-between-requests", "0", "--seconds-between-records", "0")
ROOT = Path(__file__).parents[3]


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the program on any free port; give it, and its first line."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--port", "0", *LIMITLESS, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline()
        finally:
            process.kill()


def connect(line: str) -> RawConnection:
    """Connect to where the program says that it listens."""
    found = re.search(r"on ([0-9.]+):([0-9]+)", line)
    assert found is not None
    return RawConnection(found[1], int(found[2]))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_program_ends_cleanly_when_asked(number: signal.Signals) -> None:
    with running() as (process, _):
        process.send_signal(number)
        assert process.wait(5) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_the_program_ends_when_a_request_says_so() -> None:
    with running() as (process, line), connect(line) as client:
        assert client.call("ExitClient").refusal == ("", "")
        assert process.wait(3) == 0


def test_a_person_approves_at_the_terminal() -> None:
    keyboard, terminal = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--port", "0", "--approve", "ask"],
        cwd=ROOT,
        stdin=terminal,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        with connect(process.stdout.readline()) as client:
            client.send(request("GetFunctions", device="", version="ward-hub v2"))
            assert "ward-hub v2" in process.stdout.readline()
            assert process.stdout.readline() == "approve or block?\n"
            os.write(keyboard, b"approve\n")
            assert Answer(client.read()).refusal == ("", "")
        process.terminate()
        assert process.wait(5) == 0
    os.close(keyboard)
    os.close(terminal)


def test_a_stored_unit_survives_a_kill(tmp_path: Path) -> None:
    data = tmp_path / "unit.xml"
    with running("--data", str(data)) as (process, line), connect(line) as client:
        answer = client.call("UpdatePatientRecord", IDENTITY + note("kept, é and ł"))
        device, uid = answer.root.findtext("DeviceID") or "", answer.text("EventUID")
        os.kill(process.pid, signal.SIGKILL)
    with running("--data", str(data)) as (_, line), connect(line) as client:
        record = client.call("GetPatientRecord", IDENTITY, device=device)
        assert "kept, é and ł" in record.texts("Clinical/Event/Narrative/Line")
        delete = f"{IDENTITY}<Reason>r</Reason><EventUID>{uid}</EventUID>"
        assert client.call("DeleteFromPatientRecord", delete, device=device).refusal == ("", "")
        new = client.call("UpdatePatientRecord", IDENTITY + note("x"), device=device)
        assert new.text("EventUID") not in record.root.xpath("//@EventUID")


def test_a_change_that_cannot_be_stored_did_not_happen(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with (
        Simulator(limits=UNLIMITED, data=folder / "unit.xml") as simulator,
        RawClient(simulator) as client,
    ):
        folder.rename(tmp_path / "elsewhere")
        assert client.call("UpdatePatientRecord", IDENTITY + note("lost")).permanence == "true"
        assert "lost" not in simulator.committed_lines(NUMBER)
        assert not simulator.journal.entries[-1].committed


def test_faults_and_script_come_from_the_command_line(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("temporary-error\n")
    arguments = ("--fault-script", str(script), "--fault", "permanent-error")
    with running(*arguments) as (_, line), connect(line) as client:
        assert client.call("GetFunctions").permanence == "false"
        assert client.call("GetFunctions").permanence == "true"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--fault", "explode"), 64),
        (("--fault-script", "/nowhere/at/all"), 64),
        (("--port", "1000000"), 1),
        (("--data", "/nowhere/unit.xml"), 1),
        (("--data", "pyproject.toml"), 1),
        (("--fault-script", "/bin/true"), 64),
    ],
)
def test_what_cannot_be_done_is_said_plainly(arguments: tuple[str, str], status: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "--port", "0", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == status
    assert len(done.stderr.splitlines()) == 1


def test_the_journal_is_written_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Simulator(limits=UNLIMITED, journal=path) as simulator, RawClient(simulator) as client:
        client.call("UpdatePatientRecord", IDENTITY + note("é"), uid="one")
        client.call("PatientSearch", uid="two")
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["request_uid"] for line in lines] == ["one", "two"]
    assert [line["outcome"] for line in lines] == ["answered", "refused permanently"]
    assert [line["committed"] for line in lines] == [True, False]
    assert "<Line>é</Line>" in lines[0]["request"]
    assert lines[0]["error"] == ""
    assert "PermanentError" in lines[1]["error"]
    assert [line["number"] for line in lines] == [1, 2]


def test_an_entry_is_there_before_its_answer(client: RawClient) -> None:
    for count in range(1, 20):
        client.call("GetFunctions")
        assert len(client.simulator.journal) == count
    assert {entry.outcome for entry in client.simulator.journal} == {Outcome.ANSWERED}


def test_a_client_that_leaves_without_reading_disturbs_nobody(
    simulator: Simulator, client: RawClient
) -> None:
    with RawClient(simulator) as rude:
        rude.send(
            request("UpdatePatientRecord", IDENTITY + note("sent and gone"), device=rude.device)
        )
    assert client.call("GetFunctions").refusal == ("", "")
    simulator.journal.wait_for(2, 2)
    assert "sent and gone" in simulator.committed_lines(NUMBER)


def test_many_connections_are_served_at_once(simulator: Simulator) -> None:
    clients = [RawClient(simulator) for _ in range(30)]
    for client in clients:
        client.send(request("GetFunctions", device=client.device, uid=client.device))
    for client in clients:
        with client:
            assert Answer(client.read()).root.findtext("RequestUID") == client.device
