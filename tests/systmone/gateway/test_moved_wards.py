"""What waits when its ward moves to another gateway."""

from functools import partial

import pytest
from django.utils import timezone

from systmone import checking, gateways
from systmone.dispatcher import Speaker
from systmone.lease import lease_of
from systmone.models import Attempt, Call, Gateway, State
from systmone.writing import withdraw
from tests.systmone.gateway.conftest import SETUP, spoken
from tests.threads import at_once
from wards.actors import person
from wards.models import User, Ward

End = Attempt.Outcome


@pytest.fixture
def other(gateway: Gateway) -> Gateway:
    """A second way to the same SystmOne."""
    second = Gateway.objects.get()
    second.pk, second.name, second.host = None, "PC 2", "localhost"
    return gateways.add(gateway=second, wards=[], by=SETUP)


def attempted(call: Call, outcome: End) -> None:
    moment = timezone.now()
    call.attempts.create(
        gateway=call.gateway, fence=1, started_at=moment, ended_at=moment, outcome=outcome
    )


@pytest.mark.parametrize("never_left_by", [None, End.NOT_SENT])
def test_what_never_left_the_hub_follows_its_ward(
    gateway: Gateway, other: Gateway, pushed: Call, byron: Ward, never_left_by: End | None
) -> None:
    if never_left_by:
        attempted(pushed, never_left_by)
    gateways.switch_off(gateway=gateway, by=SETUP)
    gateways.serve(gateway=other, wards=[byron])
    call = spoken(other, pushed)
    assert (call.gateway, call.state) == (other, State.SUCCEEDED)


@pytest.mark.parametrize("outcome", [End.UNCLEAR, End.LATER])
def test_what_was_sent_stays_with_the_gateway_that_knows_of_it(
    gateway: Gateway, other: Gateway, pushed: Call, byron: Ward, outcome: End
) -> None:
    attempted(pushed, outcome)
    gateways.serve(gateway=other, wards=[byron])
    pushed.refresh_from_db()
    assert pushed.gateway == gateway


def test_a_note_in_check_and_its_look_stay(
    gateway: Gateway, other: Gateway, pushed: Call, byron: Ward
) -> None:
    attempted(pushed, End.UNCLEAR)
    Call.objects.filter(pk=pushed.pk).update(state=State.CHECKING)
    checking.look(pushed, timezone.now())
    gateways.serve(gateway=other, wards=[byron])
    assert set(Call.objects.values_list("gateway", flat=True)) == {gateway.pk}


def test_a_deletion_stays_where_its_note_was_written(
    gateway: Gateway, other: Gateway, pushed: Call, byron: Ward, sarah: User
) -> None:
    deletion = withdraw(call=spoken(gateway, pushed), reason="Wrong", by=person(sarah))
    gateways.serve(gateway=other, wards=[byron])
    deletion.refresh_from_db()
    assert deletion.gateway == gateway


def test_a_call_that_is_taken_while_its_ward_moves_goes_one_way(
    gateway: Gateway, other: Gateway, pushed: Call, byron: Ward
) -> None:
    with lease_of(gateway) as hold:
        assert hold is not None
        take = partial(Speaker(gateway, hold).take, timezone.now())
        taken, moved = at_once(take, partial(gateways.serve, gateway=other, wards=[byron]))
    assert moved is None
    pushed.refresh_from_db()
    if taken == pushed:
        assert (pushed.gateway, pushed.attempts.get().gateway) == (gateway, gateway)
    else:
        assert taken is None
        assert (pushed.gateway, pushed.state) == (other, State.QUEUED)
