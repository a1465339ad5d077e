"""A simulator of SystmOne, and the client that speaks to it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from systmone.protocol.client import Client, Settings
from systmone.protocol.devices import MemoryDeviceStore
from systmone.protocol.throttle import Limits
from systmone.simulator.simulator import Simulator
from systmone.simulator.throttle import Limits as SimulatorLimits

NO_LIMITS = Limits(between_requests=0, between_records=0)
NO_SIMULATOR_LIMITS = SimulatorLimits(0, 0)

ClientMaker = Callable[..., Client]


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A running simulator without limits."""
    with Simulator(limits=NO_SIMULATOR_LIMITS) as running:
        yield running


def settings_for(simulator: Simulator, **others: Any) -> Settings:
    """Settings to speak to `simulator` without limits, and quickly."""
    quick = Settings(
        api_key="f31e26725b5491f2",
        host=simulator.host,
        port=simulator.port,
        timeout=0.5,
        pause=0.01,
        limits=NO_LIMITS,
    )
    return replace(quick, **others)


@pytest.fixture
def make_client(simulator: Simulator) -> Iterator[ClientMaker]:
    """Makes clients of the simulator, with an approved device, and closes them."""
    made: list[Client] = []

    def make(device_id: str | None = None, **others: Any) -> Client:
        known = simulator.register_device() if device_id is None else device_id
        made.append(Client(settings_for(simulator, **others), MemoryDeviceStore(known)))
        return made[-1]

    yield make
    for client in made:
        client.close()
