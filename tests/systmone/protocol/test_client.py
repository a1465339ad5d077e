"""The client against the simulator: each call ends in one of its outcomes, in time."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import NoneType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from systmone.protocol.client import Client, Settings
from systmone.protocol.devices import FileDeviceStore, MemoryDeviceStore
from systmone.protocol.errors import (
    Blocked,
    InvalidRequest,
    NotConnected,
    NotSent,
    NotTheProtocol,
    OutcomeUnknown,
    Refused,
    RefusedPermanently,
    RefusedTemporarily,
    SystmOneError,
)
from systmone.protocol.functions import (
    GetFunctions,
    GetPatientRecord,
    GetXSDFiles,
    PatientSearch,
    UpdatePatientRecord,
)
from systmone.protocol.functions.get_patient_record import Filter
from systmone.protocol.identity import Identity
from systmone.protocol.record.events import Event, Narrative, Reminder
from systmone.protocol.schemas import Schemas
from systmone.protocol.throttle import Limits
from systmone.simulator.faults import Fault
from systmone.simulator.simulator import Simulator
from systmone.simulator.throttle import Limits as SimulatorLimits
from tests.systmone.protocol.conftest import (
    NO_LIMITS,
    NO_SIMULATOR_LIMITS,
    ClientMaker,
    settings_for,
)

PATIENT = "9434765919"
TIMEOUT = 0.5  # seconds, as the fixtures set it


def note(text: str) -> UpdatePatientRecord:
    return UpdatePatientRecord(
        identity=Identity(nhs_number=PATIENT),
        events=(Event(narratives=(Narrative.from_text(text),)),),
    )


def error_of(client: Client, request: UpdatePatientRecord) -> SystmOneError | None:
    try:
        client.call(request)
    except SystmOneError as error:
        return error
    return None


def test_a_case_note_is_written_and_read_back(
    make_client: ClientMaker, simulator: Simulator
) -> None:
    client = make_client()

    written = client.call(note("Slept well.\nAte é <breakfast> & lunch.")).response
    record = client.call(
        GetPatientRecord(identity=Identity(nhs_number=PATIENT), filter=Filter(narrative=True))
    ).response

    (event,) = [one for one in record.events if one.event_uid == written.event_uids[0]]
    assert event.narratives[0].text == "Slept well.\nAte é <breakfast> & lunch."
    assert record.record_state == "Closed"
    assert simulator.committed_lines(PATIENT).count("Slept well.") == 1


def test_one_connection_serves_many_calls(make_client: ClientMaker, simulator: Simulator) -> None:
    client = make_client()

    for _ in range(5):
        client.call(GetFunctions())

    assert simulator.connections_made == 1


OUTCOMES: list[tuple[str, type[SystmOneError] | None, set[int]]] = [
    ("no-answer-before-commit", OutcomeUnknown, {0}),
    ("no-answer-after-commit", OutcomeUnknown, {1}),
    ("cut-before-commit", OutcomeUnknown, {0}),
    ("cut-before-answer", OutcomeUnknown, {1}),
    ("cut-during-answer", OutcomeUnknown, {1}),
    ("cut-after-answer", None, {1}),
    ("slow,seconds=0.1", None, {1}),
    ("slow,seconds=5", OutcomeUnknown, {1}),
    ("dribble,seconds=0.1", None, {1}),
    ("dribble,seconds=5", OutcomeUnknown, {1}),
    ("fragments", None, {1}),
    ("pretty-printed", None, {1}),
    ("no-newline", None, {1}),
    ("temporary-error", RefusedTemporarily, {0}),
    ("record-in-use", RefusedTemporarily, {0}),
    ("permanent-error", RefusedPermanently, {0}),
    ("garbage", NotTheProtocol, {0, 1}),
    ("other-answer", OutcomeUnknown, {0, 1}),
    ("other-answer-first", None, {1}),
    ("wrong-function", OutcomeUnknown, {0, 1}),
    ("restart,seconds=0.1", OutcomeUnknown, {0}),
    ("restart-after-commit,seconds=0.1", OutcomeUnknown, {1}),
]


@pytest.mark.parametrize(("fault", "outcome", "written"), OUTCOMES)
def test_a_write_under_a_fault_ends_in_its_outcome_and_is_sent_once(
    make_client: ClientMaker,
    simulator: Simulator,
    fault: str,
    outcome: type[SystmOneError] | None,
    written: set[int],
) -> None:
    client = make_client()
    simulator.faults.add(Fault.read(f"{fault},function=UpdatePatientRecord,count=1"))
    started = time.monotonic()

    error = error_of(client, note("once"))

    assert type(error) is (outcome or NoneType)
    assert error is None or error.may_have_happened == isinstance(error, OutcomeUnknown)
    assert error is None or b"once" in error.sent_document
    assert time.monotonic() - started < TIMEOUT + 1
    assert simulator.committed_lines(PATIENT).count("once") in written


@pytest.mark.parametrize(
    "fault",
    [
        fault
        for fault, outcome, _ in OUTCOMES
        if outcome not in {RefusedPermanently, NotTheProtocol} and "5" not in fault
    ],
)
def test_a_read_under_a_passing_fault_is_repeated_and_answered(
    make_client: ClientMaker, simulator: Simulator, fault: str
) -> None:
    client = make_client(pause=0.15)
    simulator.faults.add(Fault.read(f"{fault},function=GetFunctions,count=1"))

    assert client.call(GetFunctions()).response.supported


def test_a_read_that_is_never_answered_ends_in_time(
    make_client: ClientMaker, simulator: Simulator
) -> None:
    client = make_client(timeout=0.2)
    simulator.faults.add(Fault.read("no-answer-before-commit"))
    started = time.monotonic()

    with pytest.raises(OutcomeUnknown):
        client.call(GetFunctions())

    assert 0.6 <= time.monotonic() - started < 1.6
    assert [entry.function for entry in simulator.journal.entries] == ["GetFunctions"] * 3


def test_a_call_ends_within_the_time_it_is_given(
    make_client: ClientMaker, simulator: Simulator
) -> None:
    client = make_client(timeout=30)
    simulator.faults.add(Fault.read("no-answer-before-commit"))
    started = time.monotonic()

    with pytest.raises(OutcomeUnknown):
        client.call(GetFunctions(), within=0.3)

    assert time.monotonic() - started < 1


def test_after_an_unknown_outcome_the_next_call_gets_its_own_answer(
    make_client: ClientMaker, simulator: Simulator
) -> None:
    client = make_client(timeout=0.2)
    simulator.faults.add(Fault.read("slow,seconds=0.4,function=UpdatePatientRecord,count=1"))
    with pytest.raises(OutcomeUnknown):
        client.call(note("late"))

    found = client.call(PatientSearch(surname="S", gender="F"), within=5)

    assert found.envelope.function == "PatientSearch"


CALLS = st.lists(
    st.tuples(
        st.sampled_from(["read", "write"]),
        st.sampled_from(
            [
                "ok",
                "no-answer-before-commit",
                "no-answer-after-commit",
                "cut-before-commit",
                "cut-before-answer",
                "cut-during-answer",
                "cut-after-answer",
                "slow,seconds=0.02",
                "dribble,seconds=0.05",
                "fragments",
                "pretty-printed",
                "no-newline",
                "temporary-error",
                "permanent-error",
                "record-in-use",
                "garbage",
                "other-answer",
                "other-answer-first",
                "wrong-function",
                "restart,seconds=0.05",
                "restart-after-commit,seconds=0.05",
                "refuse-connections,seconds=0.05",
            ]
        ),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CALLS)
def test_no_sequence_of_faults_loses_doubles_or_hangs(calls: list[tuple[str, str]]) -> None:
    with Simulator(limits=NO_SIMULATOR_LIMITS) as simulator:
        client = Client(
            settings_for(simulator, timeout=0.15, attempts=1),
            MemoryDeviceStore(simulator.register_device()),
        )
        with client:
            for number, (kind, fault) in enumerate(calls):
                simulator.faults.clear()
                if fault != "ok":
                    simulator.faults.add(Fault.read(f"{fault},count=1"))
                _check_one_outcome(client, simulator, kind, f"note {number}")


def _check_one_outcome(client: Client, simulator: Simulator, kind: str, text: str) -> None:
    started = time.monotonic()
    try:
        client.call(note(text) if kind == "write" else GetFunctions())
        allowed = {1}
    except (NotConnected, NotSent, Refused):
        allowed = {0}
    except OutcomeUnknown:
        allowed = {0, 1}
    assert time.monotonic() - started < 2
    if kind == "write":
        assert simulator.committed_lines(PATIENT).count(text) in allowed


# Before anything is sent


def test_a_broken_rule_sends_nothing(make_client: ClientMaker, simulator: Simulator) -> None:
    with pytest.raises(InvalidRequest):
        make_client().call(PatientSearch(surname="Quill"))

    assert not simulator.journal.entries


def test_nobody_listening_is_not_connected() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = Client(Settings(api_key="k", port=port, attempts=1), MemoryDeviceStore("d"))

    with pytest.raises(NotConnected) as raised:
        client.call(note("never"))

    assert not raised.value.may_have_happened


@contextmanager
def deaf_peer() -> Iterator[int]:
    """The port of somebody who accepts connections and never reads."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_request_that_left_in_part_has_an_unknown_outcome() -> None:
    with deaf_peer() as port:
        client = Client(
            Settings(api_key="k", port=port, timeout=0.3, limits=NO_LIMITS), MemoryDeviceStore("d")
        )
        with client, pytest.raises(OutcomeUnknown):
            client.call(note("x" * 20_000_000))


def test_a_call_whose_turn_does_not_come_is_not_sent(
    make_client: ClientMaker, simulator: Simulator
) -> None:
    client = make_client()
    simulator.faults.add(Fault.read("slow,seconds=0.4,count=1"))
    slow = threading.Thread(target=client.call, args=[GetFunctions()])
    slow.start()
    time.sleep(0.1)

    with pytest.raises(NotSent):
        client.call(note("waits"), within=0.1)

    slow.join()
    assert "waits" not in simulator.committed_lines(PATIENT)


def test_callers_in_many_threads_take_turns(make_client: ClientMaker, simulator: Simulator) -> None:
    client = make_client()
    threads = [
        threading.Thread(target=client.call, args=[note(f"thread {number}")]) for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    lines = simulator.committed_lines(PATIENT)
    assert [lines.count(f"thread {number}") for number in range(8)] == [1] * 8
    assert simulator.connections_made == 1


# The throttle


def test_the_client_waits_and_nothing_is_dropped() -> None:
    with Simulator(limits=SimulatorLimits(0.1, 0.5)) as simulator:
        client = Client(
            settings_for(simulator, limits=Limits(0.1, 0.5)),
            MemoryDeviceStore(simulator.register_device()),
        )
        whole = GetPatientRecord(identity=Identity(nhs_number=PATIENT))
        with client:
            started = time.monotonic()
            for request in (GetFunctions(), note("a"), note("b"), whole, GetFunctions(), whole):
                client.call(request)
            took = time.monotonic() - started

        assert took >= 0.8
        assert {entry.outcome for entry in simulator.journal.entries} == {"answered"}


def test_a_request_that_may_not_go_in_time_is_not_sent_and_says_so_at_once() -> None:
    with Simulator(limits=SimulatorLimits(0, 30)) as simulator:
        client = Client(
            settings_for(simulator, limits=Limits(0, 30)),
            MemoryDeviceStore(simulator.register_device()),
        )
        whole = GetPatientRecord(identity=Identity(nhs_number=PATIENT))
        with client:
            client.call(whole)
            started = time.monotonic()
            with pytest.raises(NotSent):
                client.call(whole, within=5)

        assert time.monotonic() - started < 1


def test_a_throttled_write_has_an_unknown_outcome() -> None:
    with Simulator(limits=SimulatorLimits(0.5, 0)) as simulator:
        client = Client(
            settings_for(simulator, timeout=0.2), MemoryDeviceStore(simulator.register_device())
        )
        with client:
            client.call(GetFunctions())
            with pytest.raises(OutcomeUnknown):
                client.call(note("too early"))


# The device id


def test_the_first_call_brings_a_device_id_that_is_kept(
    simulator: Simulator, tmp_path: Path
) -> None:
    store = FileDeviceStore(tmp_path / "device")
    with Client(settings_for(simulator), store) as client:
        client.call(GetFunctions())

    kept = FileDeviceStore(tmp_path / "device").load()
    assert len(kept) == 16
    with Client(settings_for(simulator), FileDeviceStore(tmp_path / "device")) as client:
        assert client.call(note("known")).envelope.device_id == kept


def test_a_write_never_waits_for_an_approval(simulator: Simulator) -> None:
    with Client(settings_for(simulator), MemoryDeviceStore()) as client:
        client.call(note("after the approval"))

    asked = [entry.function for entry in simulator.journal.entries]
    assert asked == ["GetFunctions", "UpdatePatientRecord"]


def test_the_new_device_id_is_kept_even_if_the_call_is_refused(simulator: Simulator) -> None:
    store = MemoryDeviceStore()
    simulator.faults.add(Fault.read("permanent-error"))

    with Client(settings_for(simulator), store) as client, pytest.raises(RefusedPermanently):
        client.call(GetFunctions())

    assert store.load()


def test_a_blocked_device_says_what_to_do_in_systmone() -> None:
    with Simulator(approve="block", limits=NO_SIMULATOR_LIMITS) as simulator:
        client = Client(settings_for(simulator), MemoryDeviceStore())
        with client, pytest.raises(Blocked, match="Device Manager") as raised:
            client.call(GetFunctions())

    assert raised.value.permanent
    assert raised.value.words


def test_an_approval_has_a_longer_time_of_its_own(simulator: Simulator) -> None:
    simulator.faults.add(Fault.read("slow,seconds=0.5,count=1"))
    client = Client(settings_for(simulator, timeout=0.1, approval_timeout=5), MemoryDeviceStore())

    with client:
        assert client.call(GetFunctions()).response.supported


def test_an_unanswered_approval_is_not_asked_for_again(simulator: Simulator) -> None:
    simulator.faults.add(Fault.read("no-answer-before-commit"))
    client = Client(settings_for(simulator, approval_timeout=0.2), MemoryDeviceStore())

    with client, pytest.raises(OutcomeUnknown):
        client.call(GetFunctions())

    assert len(simulator.journal.entries) == 1


# SystmOne's own schemas


def test_a_request_is_checked_against_the_schemas_that_systmone_wrote(
    make_client: ClientMaker, tmp_path: Path
) -> None:
    make_client().call(GetXSDFiles(path=str(tmp_path)))
    client = make_client(schemas=Schemas(tmp_path))
    reminder = Event(reminders=(Reminder(free_text="x", severity="Urgent"),))

    client.call(note("valid"))
    with pytest.raises(InvalidRequest) as raised:
        client.call(UpdatePatientRecord(identity=Identity(nhs_number=PATIENT), events=(reminder,)))

    assert raised.value.field == "Clinical/Event/Reminder/Severity"


def test_a_folder_without_schemas_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="nowhere"):
        Schemas(tmp_path / "nowhere")
