"""The kit of a Hub, opened, and its two flows ready to run against the API."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client

from assurance.power_automate.kit import WORKFLOW_FILE, kit_for
from tests.assurance.posting import Byron
from tests.assurance.power_automate.flow_runner import Answer, Json, Run, Send

HUB = "https://hub.example.nhs.uk/ward-app"
SOLUTION = "InpatientHubAssuranceSync_1_0_0_0.zip"
PACKAGE = "inpatient-hub-flow-package.zip"

RunFlow = Callable[..., Run]


@pytest.fixture
def kit() -> dict[str, bytes]:
    return kit_for(HUB)


def opened(content: bytes) -> dict[str, str]:
    """Return the texts in the zip `content`, by their names."""
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def flow_of_solution(kit: dict[str, bytes]) -> Json:
    workflow = json.loads(opened(kit[SOLUTION])[WORKFLOW_FILE])
    flow: Json = workflow["properties"]["definition"]
    return flow


def flow_of_package(kit: dict[str, bytes]) -> Json:
    files = opened(kit[PACKAGE])
    [name] = [name for name in files if name.endswith("/definition.json")]
    flow: Json = json.loads(files[name])["properties"]["definition"]
    return flow


@pytest.fixture
def payload(kit: dict[str, bytes]) -> Any:
    """The dashboard's payload, as the integration guide has it."""
    return json.loads(kit["audit-completed.example.json"])


@pytest.fixture
def send(client: Client) -> Send:
    """Send a flow's request to the API, as its HTTP step does."""

    def send(request: Json) -> Answer:
        headers = dict(request["headers"])
        response = client.post(
            request["uri"].removeprefix(HUB),
            json.dumps(request["body"]),
            content_type=headers.pop("Content-Type"),
            headers=headers,
        )
        return response.status_code, response.json()

    return send


@pytest.fixture
def run_flow(kit: dict[str, bytes], byron: Byron, payload: Any, send: Send) -> RunFlow:
    """Run the solution's flow; by itself on the guide's payload and with the ward's key."""
    flow = flow_of_solution(kit)

    def run_flow(body: Any = None, *, key: str = byron.key, send: Send = send) -> Run:
        parameters = {"Hub address (hub_BaseUrl)": HUB, "Hub API key (hub_ApiKey)": key}
        return Run(flow, payload if body is None else body, send, parameters)

    return run_flow
