"""A simulator without limits, and a client of it."""

from collections.abc import Iterator

import pytest

from systmone.simulator import UNLIMITED, Simulator
from tests.systmone.simulator.raw import RawClient


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(limits=UNLIMITED) as running:
        yield running


@pytest.fixture
def client(simulator: Simulator) -> Iterator[RawClient]:
    with RawClient(simulator) as connected:
        yield connected
