"""One speaker per gateway, the right call first, and nothing lost when a speaker dies."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from systmone import dispatcher
from systmone.calls import About, ask
from systmone.dispatcher import Speaker
from systmone.lease import LeaseLost, is_held, lease_of
from systmone.models import Attempt, Call, Gateway, Lease, Priority, State
from systmone.protocol.functions import GetFunctions, GetPatientRecord
from systmone.protocol.identity import Identity
from systmone.protocol.throttle import Need
from systmone.simulator import Simulator
from tests.factories import WardFactory
from tests.systmone.gateway.conftest import NHS_NUMBER, SETUP, spoken, times_in_record
from tests.threads import at_once
from wards.models import Ward

Ask = Callable[..., Call]


@pytest.fixture
def ask_for(gateway: Gateway) -> Ask:
    """Put a question of no consequence into the outbox."""

    def put(priority: Priority = Priority.BACKGROUND, ward: Ward | None = None) -> Call:
        return ask(
            gateway=gateway,
            request=GetFunctions(),
            by=SETUP,
            priority=priority,
            within=timedelta(hours=1),
            about=About(ward=ward),
        )

    return put


def sent(simulator: Simulator) -> list[str]:
    """The RequestUIDs that SystmOne saw, in their order."""
    return [entry.request_uid for entry in simulator.journal.entries]


def test_a_person_who_waits_overtakes_background_work(
    gateway: Gateway, ask_for: Ask, simulator: Simulator
) -> None:
    background = [ask_for() for _ in range(3)]
    urgent = ask_for(Priority.PERSON_WAITS)
    spoken(gateway, urgent)
    assert sent(simulator) == [str(call.pk) for call in [urgent, *background]]


def test_one_wards_many_calls_do_not_hold_up_anothers_one(
    gateway: Gateway, ask_for: Ask, simulator: Simulator, byron: Ward
) -> None:
    shelley = WardFactory.create(name="Shelley")
    gateway.wards_served.create(ward=shelley)
    many = [ask_for(ward=byron) for _ in range(4)]
    one = ask_for(ward=shelley)
    spoken(gateway, one)
    assert sent(simulator).index(str(one.pk)) <= 1
    assert sorted(sent(simulator)) == sorted(str(call.pk) for call in [*many, one])


def test_of_two_speakers_one_speaks_and_nothing_is_sent_twice(
    gateway: Gateway, ask_for: Ask, simulator: Simulator
) -> None:
    calls = [ask_for() for _ in range(20)]
    spoke = at_once(*[partial(dispatcher.speak, gateway_id=gateway.pk, seconds=20, lingers=0)] * 4)
    assert spoke.count(True) == 1
    assert sent(simulator) == [str(call.pk) for call in calls]


def test_a_full_record_waits_for_its_slot_while_others_go(
    gateway: Gateway, ask_for: Ask, simulator: Simulator
) -> None:
    Gateway.objects.update(seconds_between_records=30)
    record = partial(
        ask,
        gateway=gateway,
        request=GetPatientRecord(identity=Identity(nhs_number=NHS_NUMBER)),
        by=SETUP,
        priority=Priority.PERSON_WAITS,
        within=timedelta(hours=1),
    )
    first, second = record(), record()
    other = ask_for()
    dispatcher.speak(gateway_id=gateway.pk, seconds=2, lingers=0)
    assert sent(simulator) == [str(first.pk), str(other.pk)]
    second.refresh_from_db()
    assert second.state == State.QUEUED


def test_the_throttle_holds_from_one_speaker_to_the_next(gateway: Gateway, ask_for: Ask) -> None:
    Gateway.objects.update(seconds_between_requests=30)
    gateway.refresh_from_db()
    ask_for()
    dispatcher.speak(gateway_id=gateway.pk, seconds=0.3, lingers=0)
    with lease_of(gateway) as hold:
        assert hold is not None
        assert 25 < Speaker(gateway, hold).wait(Need()) <= 31


def test_a_call_whose_speaker_died_before_it_was_sent_is_sent_once(
    gateway: Gateway, pushed: Call, simulator: Simulator
) -> None:
    with lease_of(gateway) as hold:
        assert hold is not None
        taken = Speaker(gateway, hold).take(timezone.now())
        assert taken == pushed
    call = spoken(gateway, pushed)
    assert call.state == State.SUCCEEDED
    assert times_in_record(simulator, call.reference) == 1
    assert [attempt.outcome for attempt in call.attempts.all()] == ["unclear", "answered"]


def test_a_former_holder_can_neither_send_nor_write(
    gateway: Gateway, pushed: Call, simulator: Simulator
) -> None:
    with lease_of(gateway) as hold:
        assert hold is not None
        speaker = Speaker(gateway, hold)
        Lease.objects.update(held_until=timezone.now() - timedelta(seconds=1))
        with lease_of(gateway) as other:
            assert other is not None
            with pytest.raises(LeaseLost):
                speaker.step()
    assert sent(simulator) == []
    assert not Attempt.objects.exists()


def test_the_lease_is_free_again_afterwards(gateway: Gateway) -> None:
    with lease_of(gateway):
        assert is_held(gateway.pk)
    assert not is_held(gateway.pk)


def test_a_gateway_that_is_off_says_nothing(
    gateway: Gateway, ask_for: Ask, simulator: Simulator
) -> None:
    Gateway.objects.update(is_on=False)
    ask_for()
    assert not dispatcher.speak(gateway_id=gateway.pk, seconds=1, lingers=0)
    assert sent(simulator) == []


def test_what_was_queued_before_a_gateway_became_one_for_test_patients_is_not_sent(
    gateway: Gateway, pushed: Call, ask_for: Ask, simulator: Simulator
) -> None:
    Gateway.objects.update(test_patients_only=True)
    about_nobody = ask_for()
    spoken(gateway, about_nobody)
    pushed.refresh_from_db()
    assert pushed.state == State.FAILED
    assert "for test patients only" in pushed.problem
    assert sent(simulator) == [str(about_nobody.pk)]


def test_a_speaker_that_speaks_already_obeys_the_switch_for_test_patients(
    gateway: Gateway, pushed: Call
) -> None:
    with lease_of(gateway) as hold:
        assert hold is not None
        speaker = Speaker(gateway, hold)
        Gateway.objects.update(test_patients_only=True)
        assert speaker.take(timezone.now()) is None
