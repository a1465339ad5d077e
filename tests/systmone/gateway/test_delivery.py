"""A case note's way into the record, whatever befalls it: there once, or said not to be there."""

import re
from datetime import datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from systmone import checking, dispatcher
from systmone.calls import CallChanged, decide
from systmone.case_notes import push
from systmone.dispatcher import Speaker
from systmone.gateways import switch_on
from systmone.lease import lease_of
from systmone.models import Attempt, Call, Decision, Gateway, State
from systmone.protocol.client import Client, Settings
from systmone.protocol.devices import MemoryDeviceStore
from systmone.protocol.functions.get_patient_record import PatientRecord
from systmone.protocol.throttle import Limits
from systmone.protocol.times import LOCAL
from systmone.requests import request_of
from systmone.simulator import UNLIMITED, Simulator
from systmone.simulator.clock import local_now
from systmone.words import told
from systmone.writing import withdraw
from tests.systmone.gateway.conftest import (
    NHS_NUMBER,
    SETUP,
    WriteNote,
    befalls,
    spoken,
    times_in_record,
)
from wards.actors import person
from wards.models import Patient, Stay, User

NO_LIMITS = Limits(between_requests=0, between_records=0)
UPDATE = "function=UpdatePatientRecord"


def test_a_note_arrives_and_its_uid_is_known(
    gateway: Gateway, pushed: Call, simulator: Simulator
) -> None:
    call = spoken(gateway, pushed)
    assert (call.state, len(call.uids)) == (State.SUCCEEDED, 1)
    assert times_in_record(simulator, call.reference) == 1
    assert call.attempts.get().outcome == "answered"


@pytest.mark.parametrize(
    ("fault", "attempts"),
    [
        ("no-answer-before-commit", 2),
        ("no-answer-after-commit", 1),
        ("cut-before-commit", 2),
        ("cut-before-answer", 1),
        ("cut-during-answer", 1),
        ("cut-after-answer", 1),
        ("slow,seconds=0.8", 1),
        ("dribble", 1),
        ("fragments", 1),
        ("pretty-printed", 1),
        ("no-newline", 1),
        ("other-answer", 1),
        ("other-answer-first", 1),
        ("wrong-function", 1),
        ("restart,seconds=0.2", 2),
        ("restart-after-commit,seconds=0.2", 1),
    ],
)
def test_whatever_befalls_its_sending_a_note_is_there_once(
    gateway: Gateway, pushed: Call, simulator: Simulator, fault: str, attempts: int
) -> None:
    befalls(simulator, f"{fault},{UPDATE},count=1")
    call = spoken(gateway, pushed, seconds=8)
    assert (call.state, len(call.uids)) == (State.SUCCEEDED, 1)
    assert times_in_record(simulator, call.reference) == 1
    assert call.attempts.count() == attempts


def test_a_note_that_systmone_refuses_has_failed_and_says_why(
    gateway: Gateway, pushed: Call, simulator: Simulator
) -> None:
    befalls(simulator, f"permanent-error,{UPDATE},count=1")
    call = spoken(gateway, pushed)
    assert (call.state, call.problem) == (
        State.FAILED,
        "SystmOne refuses UpdatePatientRecord.",
    )
    assert call.words
    assert times_in_record(simulator, call.reference) == 0


def test_a_failed_note_that_is_pushed_again_is_sent_again(
    gateway: Gateway, pushed: Call, simulator: Simulator, sarah: User
) -> None:
    befalls(simulator, f"permanent-error,{UPDATE},count=1")
    failed = spoken(gateway, pushed)
    assert failed.note is not None
    again = push(note=failed.note, by=person(sarah))
    assert again != failed
    assert spoken(gateway, again).state == State.SUCCEEDED
    assert times_in_record(simulator, again.reference) == 1


@pytest.mark.parametrize("fault", ["temporary-error", "record-in-use"])
def test_what_systmone_cannot_do_now_is_tried_again_until_the_deadline(
    gateway: Gateway, pushed: Call, simulator: Simulator, fault: str
) -> None:
    befalls(simulator, f"{fault},{UPDATE},count=2")
    with time_machine.travel(pushed.created_at, tick=False) as clock:
        for pause in (timedelta(seconds=2), timedelta(seconds=4), timedelta()):
            dispatcher.speak(gateway_id=gateway.pk, seconds=1, lingers=0)
            clock.shift(pause)
    pushed.refresh_from_db()
    assert (pushed.state, pushed.attempts.count()) == (State.SUCCEEDED, 3)
    assert times_in_record(simulator, pushed.reference) == 1


def test_a_note_that_nobody_could_take_until_its_deadline_has_failed_and_was_not_sent(
    gateway: Gateway, pushed: Call, simulator: Simulator
) -> None:
    simulator.stop()
    dispatcher.speak(gateway_id=gateway.pk, seconds=1, lingers=0)
    pushed.refresh_from_db()
    assert pushed.state == State.QUEUED
    dispatcher.expire_what_waited_too_long(pushed.deadline)
    pushed.refresh_from_db()
    assert pushed.state == State.FAILED
    assert pushed.problem.startswith("It could not be sent in time: No connection to 127.0.0.1")


def test_while_the_record_is_open_nobody_can_tell_and_a_person_decides(
    gateway: Gateway, pushed: Call, simulator: Simulator, sarah: User
) -> None:
    Gateway.objects.update(seconds_to_settle=1)
    simulator.open_record(NHS_NUMBER)
    befalls(simulator, f"no-answer-after-commit,{UPDATE},count=1")
    with time_machine.travel(pushed.created_at, tick=False) as clock:
        for _ in range(10):
            dispatcher.speak(gateway_id=gateway.pk, seconds=1, lingers=0)
            clock.shift(timedelta(minutes=4))
    pushed.refresh_from_db()
    assert "open in SystmOne" in pushed.problem
    attempt = pushed.attempts.latest("pk")
    it_is_there = partial(decide, call=pushed, decision=Decision.IT_IS_THERE, by=person(sarah))
    with pytest.raises(CallChanged):
        it_is_there(attempt_id=attempt.pk - 1)
    it_is_there(attempt_id=attempt.pk)
    pushed.refresh_from_db()
    assert (pushed.state, pushed.decided_by) == (State.SUCCEEDED, sarah)


def test_somebody_elses_server_stops_the_gateway_and_the_note_is_looked_for(
    gateway: Gateway, pushed: Call, simulator: Simulator
) -> None:
    befalls(simulator, f"garbage,{UPDATE},count=1")
    dispatcher.speak(gateway_id=gateway.pk, seconds=2, lingers=0)
    pushed.refresh_from_db()
    gateway.refresh_from_db()
    assert (pushed.state, gateway.speaks) == (State.CHECKING, False)
    assert f"answers at {gateway.host}:{gateway.port}: look at the port" in gateway.stopped_because
    assert "until a senior admin starts the gateway again" in told(pushed)
    switch_on(gateway=gateway, by=SETUP)
    assert spoken(gateway, pushed).state == State.SUCCEEDED
    assert times_in_record(simulator, pushed.reference) == 1


def test_a_blocked_device_stops_the_gateway_and_the_note_waits(
    gateway: Gateway, pushed: Call, simulator: Simulator
) -> None:
    simulator.devices.block(gateway.device_id)
    dispatcher.speak(gateway_id=gateway.pk, seconds=2, lingers=0)
    pushed.refresh_from_db()
    gateway.refresh_from_db()
    assert (pushed.state, gateway.speaks) == (State.QUEUED, False)
    assert "Device Manager" in gateway.stopped_because
    assert times_in_record(simulator, pushed.reference) == 0


def test_a_sent_note_is_withdrawn_and_its_entry_is_gone(
    gateway: Gateway, pushed: Call, simulator: Simulator, sarah: User
) -> None:
    call = spoken(gateway, pushed)
    deletion = withdraw(call=call, reason="Wrong patient", by=person(sarah))
    assert withdraw(call=call, reason="Wrong patient", by=person(sarah)) == deletion
    assert spoken(gateway, deletion).state == State.SUCCEEDED
    assert times_in_record(simulator, call.reference) == 0


@pytest.mark.parametrize("fault", ["no-answer-before-commit", "no-answer-after-commit"])
def test_whatever_befalls_a_withdrawal_the_entry_is_gone(
    gateway: Gateway, pushed: Call, simulator: Simulator, sarah: User, fault: str
) -> None:
    call = spoken(gateway, pushed)
    befalls(simulator, f"{fault},function=DeleteFromPatientRecord,count=1")
    deletion = withdraw(call=call, reason="Wrong patient", by=person(sarah))
    assert spoken(gateway, deletion).state == State.SUCCEEDED
    assert times_in_record(simulator, call.reference) == 0


def test_what_was_sent_and_answered_is_kept_encrypted(gateway: Gateway, pushed: Call) -> None:
    kept = spoken(gateway, pushed).attempts.get()
    assert "Slept well." in kept.request
    assert str(pushed.pk) in kept.request
    assert "RecordState" in kept.response
    with connection.cursor() as cursor:
        cursor.execute("SELECT request, response FROM systmone_attempt")
        stored = " ".join(cursor.fetchone())
        cursor.execute("SELECT parameters FROM systmone_call")
        stored += " ".join(cursor.fetchone())
    assert not {"Slept", NHS_NUMBER, "RecordState"} & set(re.split(r"\W", stored))


def test_a_note_of_yesterday_whose_deletion_is_lost_is_deleted_and_not_only_said_to_be(
    gateway: Gateway, pushed: Call, simulator: Simulator, sarah: User
) -> None:
    call = spoken(gateway, pushed)
    befalls(simulator, "no-answer-before-commit,function=DeleteFromPatientRecord,count=1")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        deletion = withdraw(call=call, reason="Wrong patient", by=person(sarah))
        assert spoken(gateway, deletion).state == State.SUCCEEDED
    assert deletion.attempts.count() == 2
    assert times_in_record(simulator, call.reference) == 0


def test_with_clocks_an_hour_apart_around_midnight_nothing_is_written_twice(
    gateway: Gateway, write: WriteNote, sarah: User
) -> None:
    ahead = timedelta(hours=1)
    late = datetime(2026, 11, 20, 23, 20, tzinfo=LOCAL)
    with (
        time_machine.travel(late),
        Simulator(limits=UNLIMITED, clock=lambda: local_now() + ahead) as simulator,
    ):
        Gateway.objects.update(port=simulator.port, device_id=simulator.register_device())
        gateway.refresh_from_db()
        befalls(simulator, f"no-answer-after-commit,{UPDATE},count=6")
        call = spoken(gateway, push(note=write("Slept well."), by=person(sarah)))
        assert call.state == State.SUCCEEDED
        assert times_in_record(simulator, call.reference) == 1


def test_what_is_lost_again_and_again_is_left_to_a_person(
    gateway: Gateway, pushed: Call, simulator: Simulator
) -> None:
    befalls(simulator, f"no-answer-before-commit,{UPDATE}")
    call = spoken(gateway, pushed)
    assert (call.state, call.attempts.count()) == (State.UNKNOWN, checking.MOST_LOSSES)
    assert "no answer ever came" in call.problem


def test_a_corrected_number_is_the_one_that_a_failed_note_goes_to_and_comes_back_from(
    gateway: Gateway, write: WriteNote, stay: Stay, simulator: Simulator, sarah: User
) -> None:
    wrong = next(number for number in simulator.numbers if number != NHS_NUMBER)
    Patient.objects.update(nhs_number=wrong)
    note = write("Slept well.")
    note.patient.refresh_from_db()
    befalls(simulator, f"permanent-error,{UPDATE},count=1")
    assert spoken(gateway, push(note=note, by=person(sarah))).state == State.FAILED
    Patient.objects.update(nhs_number=NHS_NUMBER)
    note.patient.refresh_from_db()
    call = spoken(gateway, push(note=note, by=person(sarah)))
    assert times_in_record(simulator, call.reference) == 1

    Patient.objects.update(nhs_number=wrong)
    befalls(simulator, "no-answer-before-commit,function=DeleteFromPatientRecord,count=1")
    deletion = withdraw(call=call, reason="Wrong patient", by=person(sarah))
    assert spoken(gateway, deletion).state == State.SUCCEEDED
    assert times_in_record(simulator, call.reference) == 0


def test_an_answer_that_does_not_say_whose_record_it_is_tells_nothing(
    gateway: Gateway, pushed: Call
) -> None:
    pushed.attempts.create(gateway=gateway, fence=1, started_at=pushed.created_at)
    pushed.attempts.update(ended_at=pushed.created_at, outcome=Attempt.Outcome.UNCLEAR)
    Call.objects.filter(pk=pushed.pk).update(state=State.CHECKING)
    checking.look(pushed, pushed.created_at)
    look = pushed.checked_by.get()
    Call.objects.filter(pk=look.pk).update(state=State.SUCCEEDED, settled_at=timezone.now())
    with transaction.atomic():
        checking.conclude(pushed, look, PatientRecord(), pushed.created_at)
    pushed.refresh_from_db()
    assert pushed.state == State.CHECKING
    assert pushed.checked_by.count() == 2


def test_a_record_that_holds_it_twice_says_so(
    gateway: Gateway, pushed: Call, simulator: Simulator
) -> None:
    with Client(Settings(api_key="f31e26725b5491f2", port=simulator.port, limits=NO_LIMITS),
                MemoryDeviceStore(gateway.device_id)) as other:  # fmt: skip
        other.call(request_of(pushed))
    befalls(simulator, f"no-answer-after-commit,{UPDATE},count=1")
    call = spoken(gateway, pushed)
    assert "It stands in SystmOne 2 times" in told(call)


def test_what_was_being_sent_when_its_gateway_was_switched_off_does_not_stay_so(
    gateway: Gateway, pushed: Call
) -> None:
    with lease_of(gateway) as hold:
        assert hold is not None
        assert Speaker(gateway, hold).take(timezone.now())
    Gateway.objects.update(is_on=False)
    assert dispatcher.gateways_with_work(timezone.now()) == [gateway.pk]
    dispatcher.speak(gateway_id=gateway.pk, seconds=1, lingers=0)
    pushed.refresh_from_db()
    assert pushed.state == State.CHECKING
