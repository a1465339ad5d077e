"""Answers that are not quite an answer: a write is never taken for done, or sent twice, by them."""

import pickle
import threading
import time
from functools import partial

import pytest

from systmone.protocol.client import Client, Settings
from systmone.protocol.connection import Connection
from systmone.protocol.devices import MemoryDeviceStore
from systmone.protocol.errors import (
    Blocked,
    InvalidRequest,
    NotSent,
    OutcomeUnknown,
    RefusedPermanently,
    RefusedTemporarily,
    SystmOneError,
)
from systmone.protocol.functions import GetFunctions, GetPatientRecord
from systmone.protocol.functions.get_patient_record import PatientRecord
from systmone.protocol.identity import Identity
from systmone.protocol.pace import MemoryPast
from systmone.protocol.throttle import Past
from tests.systmone.protocol.conftest import NO_LIMITS
from tests.systmone.protocol.peer import answer, peer
from tests.systmone.protocol.test_client import note

DONE = "<EventUID>1</EventUID><RecordState>Closed</RecordState>"


def client_of(port: int, device_id: str = "d", timeout: float = 0.3) -> Client:
    settings = Settings(
        api_key="k", port=port, timeout=timeout, approval_timeout=timeout, limits=NO_LIMITS
    )
    return Client(settings, MemoryDeviceStore(device_id))


@pytest.mark.parametrize(
    ("inside", "after", "error"),
    [
        ("", "", OutcomeUnknown),
        ("<EventUID>1</EventUID>", "", OutcomeUnknown),
        ("<PermanentError>true</PermanentError>", "", RefusedPermanently),
        ("<PermanentError>false</PermanentError>", "", RefusedTemporarily),
        ("<ErrorMessage>no</ErrorMessage>", "", RefusedPermanently),
        ("<ErrorMessage/><PermanentError>false</PermanentError>", "", RefusedTemporarily),
        (f"<Result><ErrorMessage>no</ErrorMessage></Result>{DONE}", "", RefusedPermanently),
        (DONE, "<ErrorMessage>no</ErrorMessage>", RefusedPermanently),
    ],
)
def test_an_answer_that_does_not_say_done_is_no_success(
    inside: str, after: str, error: type[SystmOneError]
) -> None:
    with (
        peer(partial(answer, inside=inside, after=after)) as (port, received),
        client_of(port) as client,
        pytest.raises(error),
    ):
        client.call(note("once"))

    assert len(received) == 1


@pytest.mark.parametrize(
    ("words", "permanent", "error"),
    [
        ("This request was blocked by the user", "true", Blocked),
        ("The device has been blocked", "true", Blocked),
        (
            "Your request could not be completed because the slot is blocked",
            "true",
            RefusedPermanently,
        ),
        ("The device is blocked by another process", "false", RefusedTemporarily),
    ],
)
def test_only_a_blocked_device_is_blocked(
    words: str, permanent: str, error: type[SystmOneError]
) -> None:
    inside = f"<ErrorMessage>{words}</ErrorMessage><PermanentError>{permanent}</PermanentError>"
    with (
        peer(partial(answer, inside=inside)) as (port, _),
        client_of(port) as client,
        pytest.raises(error) as raised,
    ):
        client.call(note("once"))

    assert type(raised.value) is error


@pytest.mark.parametrize("behind", [b"\0", b"\n<EOF>", b"\n<html>"])
def test_a_whole_answer_counts_whatever_follows_it(behind: bytes) -> None:
    with (
        peer(lambda request: answer(request, DONE) + behind) as (port, _),
        client_of(port) as client,
    ):
        assert client.call(note("once")).response.event_uids == ("1",)


def test_an_undeclared_old_encoding_in_a_refusal_is_read() -> None:
    inside = "<ErrorMessage>Zoë is not a patient</ErrorMessage>"
    with (
        peer(lambda request: answer(request, inside).decode().encode("cp1252")) as (port, _),
        client_of(port) as client,
        pytest.raises(RefusedPermanently) as raised,
    ):
        client.call(note("once"))

    assert raised.value.words == "Zoë is not a patient"


class TestWithoutADeviceId:
    def test_a_write_whose_device_id_does_not_come_is_not_sent(self) -> None:
        with (
            peer(lambda request: b"") as (port, received),
            client_of(port, device_id="") as client,
            pytest.raises(NotSent),
        ):
            client.call(note("once"))

        assert [b"GetFunctions" in request for request in received] == [True]

    def test_a_write_is_not_sent_where_systmone_gives_no_device_id(self) -> None:
        with (
            peer(partial(answer, inside="", device="")) as (port, received),
            client_of(port, device_id="") as client,
            pytest.raises(NotSent),
        ):
            client.call(note("once"))

        assert len(received) == 1

    def test_nobody_is_asked_to_approve_a_write_that_cannot_be_written(self) -> None:
        with (
            peer(partial(answer, inside=DONE)) as (port, received),
            client_of(port, device_id="") as client,
            pytest.raises(InvalidRequest),
        ):
            client.call(note("bell \x07"))

        assert received == []


class TestTime:
    @pytest.mark.parametrize("within", [-1, 0, float("nan")])
    def test_no_time_left_is_not_sent_at_once(self, within: float) -> None:
        with (
            peer(partial(answer, inside=DONE)) as (port, received),
            client_of(port) as client,
            pytest.raises(NotSent),
        ):
            client.call(note("once"), within=within)

        assert received == []

    def test_a_clock_that_was_set_back_does_not_stop_the_client(self) -> None:
        past = MemoryPast()
        past.save(Past(sent=time.time() + 3600, answered=time.time() + 3600))
        with peer(partial(answer, inside="")) as (port, _):
            settings = Settings(api_key="k", port=port, timeout=5)
            with Client(settings, MemoryDeviceStore("d"), past, time.time) as client:
                started = time.monotonic()
                client.call(GetFunctions())

        assert time.monotonic() - started < 3

    def test_what_an_attempt_met_is_told_rather_than_that_no_other_may_go(self) -> None:
        inside = "<ErrorMessage>busy</ErrorMessage><PermanentError>false</PermanentError>"
        with peer(partial(answer, inside=inside)) as (port, _):
            client = Client(Settings(api_key="k", port=port), MemoryDeviceStore("d"))
            with client, pytest.raises(RefusedTemporarily):
                client.call(GetPatientRecord(identity=Identity(nhs_number="9434765919")), within=3)


class TestTheConnection:
    def test_an_interrupted_call_leaves_no_connection_that_is_used_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with (
            peer(partial(answer, inside=DONE)) as (port, received),
            client_of(port) as client,
        ):
            with monkeypatch.context() as patched:
                patched.setattr(Connection, "receive", _interrupted)
                with pytest.raises(KeyboardInterrupt):
                    client.call(note("first"), request_uid="same")
            time.sleep(0.1)  # the answer to the first arrives
            client.call(note("second"), request_uid="same")

        assert len(received) == 2
        assert b"second" in received[1]

    def test_closing_waits_for_the_call_in_progress(self) -> None:
        def slowly(request: bytes) -> bytes:
            time.sleep(0.2)
            return answer(request, DONE)

        with peer(slowly) as (port, _):
            client = client_of(port, timeout=5)
            outcomes: list[object] = []
            calls = threading.Thread(
                target=lambda: outcomes.append(client.call(note("once")).response.event_uids)
            )
            calls.start()
            time.sleep(0.05)
            client.close()
            calls.join()

        assert outcomes == [("1",)]

    def test_a_large_answer_is_read_where_the_caller_allows_it(self) -> None:
        event = f"<Event><Narrative><Line>{'x' * 5000}</Line></Narrative></Event>"
        inside = f"<Clinical>{event * 7000}</Clinical>"
        with peer(lambda request: answer(request, inside)) as (port, _):
            settings = Settings(api_key="k", port=port, maximum_bytes=40_000_000)
            with Client(settings, MemoryDeviceStore("d")) as client:
                request = GetPatientRecord(identity=Identity(nhs_number="9434765919"))
                assert isinstance(client.call(request).response, PatientRecord)


def _interrupted(connection: Connection, deadline: float) -> list[bytes]:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "error",
    [
        RefusedTemporarily("GetDiary", "words", b"document"),
        InvalidRequest("Identity", "Section", "is needed"),
        OutcomeUnknown("No whole answer came."),
    ],
)
def test_an_outcome_passes_from_one_process_to_another(error: SystmOneError) -> None:
    error.sent_document = b"sent"

    received = pickle.loads(pickle.dumps(error))

    assert (type(received), str(received), received.__dict__) == (
        type(error),
        str(error),
        error.__dict__,
    )
