"""`manage.py systmone_gateway`: set up, list, check, disable."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from systmone.gateways import gateway_of
from systmone.models import Gateway
from systmone.simulator import Simulator
from tests.factories import WardFactory
from wards.models import Ward

Run = Callable[..., str]


@pytest.fixture
def run(transactional_db: None) -> Run:
    def run(*words: str) -> str:
        output = StringIO()
        call_command("systmone_gateway", *words, stdout=output)
        return output.getvalue()

    return run


def add(run: Run, simulator: Simulator, name: str, *more: str) -> str:
    address = ["--host", simulator.host, "--port", str(simulator.port)]
    return run("add", "--name", name, *address, "--api-key", "f31e26725b5491f2", *more)


def test_a_new_gateway_is_approved_checked_and_says_who_is_logged_on(
    run: Run, simulator: Simulator, byron: Ward
) -> None:
    add(run, simulator, "PC 1", "--ward", "byron")
    told = run("check", "PC 1")
    assert "PC 1 answers." in told
    assert "UpdatePatientRecord 1.0" in told
    assert "Missing" not in told
    assert "Logged on: " in told
    assert "nobody" not in told
    gateway = gateway_of(byron)
    assert gateway is not None
    assert gateway.device_id


def test_a_ward_moves_to_the_gateway_that_is_set_up_for_it(
    run: Run, simulator: Simulator, gateway: Gateway, byron: Ward
) -> None:
    with Simulator() as other:
        add(run, other, "PC 2", "--ward", "Byron")
    moved = gateway_of(byron)
    assert moved is not None
    assert moved.name == "PC 2"
    assert "PC 2" in run("list")


def test_a_gateway_that_is_disabled_says_so(run: Run, gateway: Gateway) -> None:
    assert "calls wait" in run("disable", gateway.name)
    with pytest.raises(CommandError, match="is switched off"):
        run("check", gateway.name, "--seconds=1")


def test_nobody_at_the_address_is_told_in_plain_words(
    run: Run, gateway: Gateway, simulator: Simulator
) -> None:
    simulator.stop()
    with pytest.raises(CommandError, match="No connection to 127"):
        run("check", gateway.name, "--seconds=1")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["check", "PC 9"], "There is no gateway called “PC 9”. The gateways are: none yet."),
        (
            ["add", "--name=A", "--host=h", "--port=1", "--api-key=k", "--ward=Nowhere"],
            "There is no ward called “Nowhere”. The wards are: Shelley.",
        ),
        (["add", "--name=A", "--host=h", "--port=0", "--api-key=k"], "greater than or equal to 1"),
    ],
)
def test_what_it_cannot_do_it_says(run: Run, words: list[str], told: str) -> None:
    WardFactory.create(name="Shelley")
    with pytest.raises(CommandError, match=told):
        run(*words)


def test_other_tiers_have_no_gateways(run: Run, settings: Settings) -> None:
    settings.HUB_TIER = "max"
    with pytest.raises(CommandError, match="it needs Max\\+"):
        run("list")
