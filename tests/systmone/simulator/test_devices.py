"""Who may speak to the client (section Device ID Allocation)."""

import re
import threading

import pytest

from systmone.simulator import UNLIMITED, Simulator
from systmone.simulator.devices import Approval
from tests.systmone.simulator.raw import Answer, RawClient, request


def test_a_new_application_is_given_a_device_id_that_works_from_then_on(client: RawClient) -> None:
    first = client.call("GetFunctions", device="")
    device = first.root.findtext("DeviceID") or ""
    assert re.fullmatch("[0-9a-f]{16}", device)
    assert client.call("GetFunctions", device=device).root.findtext("DeviceID") == device


def test_a_new_device_is_no_change_of_a_record(client: RawClient) -> None:
    client.call("GetFunctions", device="")
    assert not client.simulator.journal.entries[-1].committed


def test_each_empty_device_id_is_a_new_application(client: RawClient) -> None:
    devices = {client.call("GetFunctions", device="").root.findtext("DeviceID") for _ in "ab"}
    assert len(devices) == 2


def test_an_unknown_device_id_is_refused(client: RawClient) -> None:
    assert client.call("GetFunctions", device="0123456789abcdef").permanence == "true"


def test_an_empty_api_key_is_refused(client: RawClient) -> None:
    assert client.call("GetFunctions", key="").permanence == "true"


def test_only_the_configured_api_key_is_accepted() -> None:
    with Simulator(limits=UNLIMITED, api_key="right") as simulator, RawClient(simulator) as client:
        assert client.call("GetFunctions", key="wrong").permanence == "true"
        assert client.call("GetFunctions", key="right").refusal == ("", "")


def test_a_blocked_application_stays_blocked_until_the_block_is_lifted() -> None:
    with Simulator(limits=UNLIMITED, approve="block") as simulator, RawClient(simulator) as client:
        message, permanent = client.call("GetFunctions", device="").refusal
        assert "blocked" in message
        assert permanent == "true"
        assert "blocked" in client.call("GetFunctions", device="").refusal[0]
        blocked = [d for d in simulator.devices.all() if d.get("Status") == "blocked"]
        assert len(blocked) == 1
        simulator.devices.lift_block(blocked[0].get("ID", ""))
        assert not [d for d in simulator.devices.all() if d.get("Status") == "blocked"]


def test_an_approved_device_can_be_blocked_and_come_back(client: RawClient) -> None:
    client.simulator.devices.block(client.device)
    assert "blocked" in client.call("GetFunctions").refusal[0]
    client.simulator.devices.lift_block(client.device)
    assert client.call("GetFunctions").refusal == ("", "")


@pytest.mark.parametrize(
    ("decision", "permanence"), [(Approval.AUTO, ""), (Approval.BLOCK, "true")]
)
def test_a_person_decides_while_others_wait(decision: Approval, permanence: str) -> None:
    with (
        Simulator(limits=UNLIMITED, approve="ask") as simulator,
        RawClient(simulator) as client,
        RawClient(simulator) as other,
    ):
        client.send(request("GetFunctions", device="", version="ward-hub v2"))
        question = simulator.devices.wait_for_question(2)
        assert question is not None
        assert question.device_version == "ward-hub v2"
        other.send(request("GetFunctions", device=other.device))
        assert other.is_silent()
        simulator.devices.decide(decision)
        assert Answer(client.read()).permanence == permanence
        assert Answer(other.read()).refusal == ("", "")


def test_a_simulator_that_asks_can_be_stopped() -> None:
    before = threading.active_count()
    with Simulator(limits=UNLIMITED, approve="ask") as simulator, RawClient(simulator) as client:
        client.send(request("GetFunctions", device=""))
        simulator.devices.wait_for_question(2)
    assert threading.active_count() == before
