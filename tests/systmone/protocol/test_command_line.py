"""`python -m systmone call` and `functions`, as an engineer types them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lxml import etree

from systmone.simulator.faults import Fault
from systmone.simulator.simulator import Simulator
from systmone.simulator.throttle import Limits

PATIENT = "Identity.NhsNumber=9434765919"


class Shell:
    """Runs `python -m systmone` with a home of its own."""

    def __init__(self, home: Path) -> None:
        self._environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "systmone", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


class Caller:
    """Calls functions of one simulator with an approved device."""

    def __init__(self, shell: Shell, simulator: Simulator) -> None:
        self._shell = shell
        self._simulator = simulator
        self.device_id = simulator.register_device()

    def __call__(self, function: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._shell.run(
            "call",
            function,
            f"--port={self._simulator.port}",
            "--api-key=f31e26725b5491f2",
            f"--device-id={self.device_id}",
            *arguments,
        )


@pytest.fixture
def call(shell: Shell, simulator: Simulator) -> Caller:
    return Caller(shell, simulator)


def test_a_call_prints_the_whole_response_document(call: Caller) -> None:
    done = call("GetPatientRecord", PATIENT, "Filter.Demographics=")

    assert (done.returncode, done.stderr) == (0, "")
    root = etree.fromstring(done.stdout.encode())
    assert root.tag == "ClientIntegrationResponse"
    assert root.findtext("Response/Identity/NHSNumber") == "9434765919"


def test_a_call_prints_typed_json(call: Caller) -> None:
    done = call("GetPatientRecord", PATIENT, "Filter.Demographics=", "--json")

    answer = json.loads(done.stdout)
    assert answer["response"]["identity"]["nhs_number"] == "9434765919"
    assert answer["response"]["demographics"]["date_of_birth"]
    assert answer["function"] == "GetPatientRecord"


def test_a_case_note_is_written_from_pairs(call: Caller, simulator: Simulator) -> None:
    done = call(
        "UpdatePatientRecord",
        PATIENT,
        "Clinical.Event@Method=Face to face",
        "Clinical.Event.Narrative.Line=Slept well.",
        "Clinical.Event.Narrative.Line=Ate é & <b>.",
    )

    assert done.returncode == 0
    lines = simulator.committed_lines("9434765919")
    assert [lines.count("Slept well."), lines.count("Ate é & <b>.")] == [1, 1]


def test_pairs_are_sent_in_the_order_of_the_specification(
    call: Caller, simulator: Simulator
) -> None:
    done = call("PatientSearch", "Gender=M", "--json", "Surname=Abernathy", "FirstName=O")

    assert done.returncode == 0
    sent = etree.fromstring(simulator.journal.entries[0].request.encode())
    parameters = sent.find("FunctionParameters")
    assert parameters is not None
    assert [each.tag for each in parameters] == ["FirstName", "Surname", "Gender"]


@pytest.mark.parametrize(
    "pairs",
    [
        ["Identity.NhsNumber=9434765919", "Identity.NhsNumber=9999999999"],
        [PATIENT, "LeaveRecordOpen=false", "Clinical.Event.Narrative.Line=x"],
        [PATIENT, "Clinical.Event=Slept"],
        [PATIENT, "Clinical.Event.ClinicalCode.FreeText=x"],
        [PATIENT, *["Clinical.Event.ClinicalCode.Code@Code=X505K"] * 2],
    ],
)
def test_parameters_that_say_two_things_are_refused(shell: Shell, pairs: list[str]) -> None:
    done = shell.run("call", "UpdatePatientRecord", "--device-id=d", *pairs)

    assert done.returncode == 64
    assert "Traceback" not in done.stderr


def test_a_bare_name_begins_another_element(call: Caller, simulator: Simulator) -> None:
    codes = [("X505K", "Eczema"), ("22A..", "O/E - weight")]
    pairs = [
        pair
        for code, _ in codes
        for pair in (
            "Clinical.Event.ClinicalCode=",
            "Clinical.Event.ClinicalCode.Code@Scheme=CTV3",
            f"Clinical.Event.ClinicalCode.Code@Code={code}",
        )
    ]

    assert call("UpdatePatientRecord", PATIENT, *pairs).returncode == 0
    sent = etree.fromstring(simulator.journal.entries[0].request.encode())
    assert [each.get("Code") for each in sent.iter("Code")] == [code for code, _ in codes]


def test_two_commands_at_once_take_turns(shell: Shell) -> None:
    with Simulator(limits=Limits(1.0, 0)) as simulator, ThreadPoolExecutor(2) as pool:
        call = Caller(shell, simulator)
        note = ("UpdatePatientRecord", PATIENT, "Clinical.Event.Narrative.Line=x")
        ended = list(pool.map(lambda _: call(*note).returncode, range(2)))

    assert ended == [0, 0]


def test_a_refusal_is_json_where_json_is_asked_for(call: Caller) -> None:
    done = call("GetPatientRecord", "Identity.NhsNumber=9990000026", "--json")

    assert done.returncode == 2
    assert json.loads(done.stdout)["permanent_error"] is True


def test_parameters_come_from_a_file(call: Caller, simulator: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "note.xml"
    file.write_text(
        """<?xml version="1.0"?>
        <FunctionParameters>
          <Identity><NhsNumber>9434765919</NhsNumber></Identity>
          <Clinical><Event><Narrative><Line>From a file.</Line></Narrative></Event></Clinical>
        </FunctionParameters>""",
        encoding="utf-8",
    )

    done = call("UpdatePatientRecord", f"--parameters={file}")

    assert done.returncode == 0
    assert simulator.committed_lines("9434765919").count("From a file.") == 1


@pytest.mark.parametrize("element", ["NhsNumber", "NHSNumber"])
def test_the_element_of_the_nhs_number_is_chosen(
    call: Caller, simulator: Simulator, element: str
) -> None:
    done = call("GetPatientRecord", PATIENT, f"--nhs-number-element={element}")

    assert done.returncode == 0
    assert f"<{element}>9434765919</{element}>" in simulator.journal.entries[0].request


def test_a_refusal_says_the_words_and_whether_they_last(call: Caller) -> None:
    done = call("GetPatientRecord", "Identity.NhsNumber=9990000026")

    assert done.returncode == 2
    assert done.stderr.startswith("refused permanently: ")


def test_a_temporary_refusal_says_so(call: Caller, simulator: Simulator) -> None:
    simulator.faults.add(Fault.read("record-in-use"))

    done = call("UpdatePatientRecord", PATIENT, "Clinical.Event.Narrative.Line=x")

    assert done.returncode == 2
    assert done.stderr.startswith("refused temporarily: ")


def test_an_unknown_outcome_has_a_status_of_its_own(call: Caller, simulator: Simulator) -> None:
    simulator.faults.add(Fault.read("no-answer-after-commit"))

    done = call("UpdatePatientRecord", PATIENT, "Clinical.Event.Narrative.Line=x", "--timeout=0.3")

    assert done.returncode == 3
    assert done.stderr.startswith("outcome unknown: ")
    assert done.stdout == ""


def test_nobody_listening_has_a_status_of_its_own(shell: Shell) -> None:
    done = shell.run("call", "GetFunctions", "--port=1", "--device-id=d", "--timeout=1")

    assert done.returncode == 4
    assert "No connection to 127.0.0.1:1" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["call"],
        ["call", "GetEverything"],
        ["call", "PatientSearch", "Surname=Quill"],
        ["call", "PatientSearch", "Surname=Quill", "DateOfBirth=tomorrow"],
        ["call", "PatientSearch", "Surname=Quill", "Height=2"],
        ["call", "PatientSearch", "Surname"],
        ["call", "GetPatientRecord", "Identity.NhsNumber=9434765918"],
        ["call", "GetPatientRecord", "Identity.StrategicReportingIdentifier=1"],
        ["call", "GetFunctions", "--timeout=0"],
        ["call", "GetFunctions", "--timeout=soon"],
        ["call", "GetFunctions", "--parameters=/nowhere.xml"],
        ["call", "GetFunctions", "--schemas=/nowhere"],
        ["call", "GetFunctions", "--nhs-number-element=nhs"],
        ["functions", "GetEverything"],
    ],
)
def test_bad_usage_and_broken_rules_send_nothing(shell: Shell, arguments: list[str]) -> None:
    done = shell.run(*arguments)

    assert done.returncode == 64
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_a_new_device_id_is_told(shell: Shell, simulator: Simulator) -> None:
    done = shell.run("call", "GetFunctions", f"--port={simulator.port}", "--api-key=k")

    device_id = etree.fromstring(done.stdout.encode()).findtext("DeviceID")
    assert done.returncode == 0
    assert f"--device-id {device_id}" in done.stderr


def test_one_command_after_another_keeps_the_limit(shell: Shell) -> None:
    with Simulator(limits=Limits(1.0, 0)) as simulator:
        call = Caller(shell, simulator)
        for _ in range(2):
            assert call("GetFunctions").returncode == 0

        assert [entry.outcome for entry in simulator.journal.entries] == ["answered"] * 2


def test_functions_lists_all_of_them_with_their_parameters(shell: Shell) -> None:
    done = shell.run("functions")

    assert done.returncode == 0
    heads = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert len(heads) == 17
    assert "    Identity.NhsNumber=" in done.stdout
    assert "    Clinical.Event@DateTime=" in done.stdout


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "systmone", "simulate", "--port=0", "--page=0"],
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        yield running
        running.kill()


def test_a_simulator_from_the_command_line_answers_a_call(
    shell: Shell, process: subprocess.Popen[str]
) -> None:
    assert process.stdout is not None
    port = process.stdout.readline().split("127.0.0.1:")[1].split()[0].rstrip(".,")

    done = shell.run("call", "IsPatientRetrieved", f"--port={port}", "--api-key=k", "--json")
    process.send_signal(signal.SIGTERM)

    assert json.loads(done.stdout)["response"] == {"is_patient_retrieved": False}
    assert process.wait(timeout=10) == 0
