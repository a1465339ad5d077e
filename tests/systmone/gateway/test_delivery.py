"""A case note's way into the record, whatever befalls it: there once, or said not to be there."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from systmone import dispatcher
from systmone.calls import decide
from systmone.case_notes import push, withdraw
from systmone.gateways import switch_on
from systmone.models import Call, Decision, Gateway, State
from systmone.simulator import Simulator
from tests.systmone.gateway.conftest import (
    NHS_NUMBER,
    SETUP,
    befalls,
    spoken,
    times_in_record,
)
from wards.actors import person
from wards.models import User

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
    assert again == failed
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
    decide(call=pushed, decision=Decision.IT_IS_THERE, by=person(sarah))
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
