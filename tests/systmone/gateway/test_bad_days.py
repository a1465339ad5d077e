"""Days on which SystmOne is closed, or elsewhere: each has an end that a nurse understands."""

import socket
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from systmone import dispatcher
from systmone.case_notes import push
from systmone.models import Attempt, Call, Gateway, State
from systmone.protocol.client import Client, Settings
from systmone.protocol.devices import MemoryDeviceStore
from systmone.protocol.functions import ExitClient
from systmone.protocol.throttle import Limits
from systmone.simulator import UNLIMITED, Simulator
from systmone.words import told
from tests.systmone.gateway.conftest import WriteNote, befalls, spoken, times_in_record
from wards.actors import person
from wards.models import Patient, User

KNOWN_TO_NOBODY = "9000000009"


def close(gateway: Gateway) -> None:
    """Let another program end SystmOne."""
    settings = Settings(api_key=gateway.api_key, port=gateway.port, limits=Limits(0, 0))
    with Client(settings, MemoryDeviceStore(gateway.device_id)) as other:
        other.call(ExitClient())


def test_a_note_waits_through_the_night_and_arrives_in_the_morning(
    gateway: Gateway, pushed: Call, tmp_path: Path
) -> None:
    unit = tmp_path / "systmone.xml"
    with Simulator(limits=UNLIMITED, data=unit) as tonight:
        Gateway.objects.update(port=tonight.port, device_id=tonight.register_device())
        gateway.refresh_from_db()
        close(gateway)
        assert tonight.wait_for_exit(5)
    dispatcher.speak(gateway_id=gateway.pk, seconds=0.5, lingers=0)
    pushed.refresh_from_db()
    assert pushed.state == State.QUEUED
    assert "No connection to 127.0.0.1" in told(pushed)
    assert "It is tried again by itself." in told(pushed)
    with Simulator(limits=UNLIMITED, data=unit, port=gateway.port) as next_morning:
        assert spoken(gateway, pushed).state == State.SUCCEEDED
        assert times_in_record(next_morning, pushed.reference) == 1


def test_on_a_wrong_port_a_note_waits_and_says_where_nobody_answers(
    gateway: Gateway, pushed: Call
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # taken, and nobody listens
        port = nobody.getsockname()[1]
        Gateway.objects.update(port=port)
        dispatcher.speak(gateway_id=gateway.pk, seconds=0.5, lingers=0)
    pushed.refresh_from_db()
    assert pushed.state == State.QUEUED
    assert f"No connection to 127.0.0.1:{port}: Connection refused." in told(pushed)
    assert pushed.attempts.get().outcome == "not_sent"


def test_about_a_patient_whom_systmone_does_not_know_it_has_failed_in_systmones_words(
    gateway: Gateway, write: WriteNote, sarah: User
) -> None:
    Patient.objects.update(nhs_number=KNOWN_TO_NOBODY)
    note = write("Slept well.")
    note.patient.refresh_from_db()
    call = spoken(gateway, push(note=note, by=person(sarah)))
    assert call.state == State.FAILED
    assert told(call).startswith("Failed. SystmOne refuses UpdatePatientRecord. SystmOne says: “")
    assert told(call).endswith("It was not written.")


def test_while_the_record_is_in_use_a_note_waits_and_says_so_in_systmones_words(
    gateway: Gateway, pushed: Call, simulator: Simulator
) -> None:
    befalls(simulator, "record-in-use,function=UpdatePatientRecord")
    dispatcher.speak(gateway_id=gateway.pk, seconds=1, lingers=0)
    pushed.refresh_from_db()
    assert pushed.state == State.QUEUED
    assert f"SystmOne says: “{pushed.words}”. It is tried again by itself." in told(pushed)
    assert "in use" in pushed.words


def test_where_systmone_does_not_show_the_record_a_person_is_asked_after_half_an_hour(
    gateway: Gateway, pushed: Call, simulator: Simulator
) -> None:
    befalls(simulator, "no-answer-after-commit,function=UpdatePatientRecord,count=1")
    befalls(simulator, "permanent-error,function=GetPatientRecord")
    dispatcher.speak(gateway_id=gateway.pk, seconds=5, lingers=0)
    pushed.refresh_from_db()
    assert pushed.state == State.CHECKING
    half_an_hour_ago = timezone.now() - timedelta(minutes=31)
    Attempt.objects.filter(call=pushed).update(ended_at=half_an_hour_ago)
    Call.objects.filter(checks=pushed, state=State.QUEUED).update(not_before=half_an_hour_ago)
    assert spoken(gateway, pushed).state == State.UNKNOWN
    assert "SystmOne refuses GetPatientRecord." in told(pushed)
    assert times_in_record(simulator, pushed.reference) == 1
