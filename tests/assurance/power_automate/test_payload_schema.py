"""The schema with which the flow parses what the dashboard sends."""

import json
from typing import Any

import pytest
from jsonschema import Draft4Validator

from tests.assurance.power_automate.conftest import flow_of_package, flow_of_solution


@pytest.fixture
def schema(kit: dict[str, bytes]) -> Any:
    return json.loads(kit["audit-completed.schema.json"])


def _changed(payload: Any, path: str, value: Any) -> Any:
    *folders, name = path.split(".")
    inside = payload
    for folder in folders:
        inside = inside[folder]
    inside[name] = value
    return payload


def test_the_payload_of_the_guide_fits(schema: Any, payload: Any) -> None:
    Draft4Validator.check_schema(schema)
    assert Draft4Validator(schema).is_valid(payload)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("version", 2),
        ("audit.temperatureProbe", {"serial": "7"}),
        ("audit.completedBy.role", "nurse"),
        ("audit.values.doorOpen", False),
        ("audit.values", None),
        ("audit.notes", None),
        ("audit.completedBy.email", None),
        ("timestamp", None),
    ],
)
def test_more_fields_and_empty_ones_fit(schema: Any, payload: Any, path: str, value: Any) -> None:
    assert Draft4Validator(schema).is_valid(_changed(payload, path, value))


@pytest.mark.parametrize("name", ["values", "notes", "dashboardUrl"])
def test_optional_fields_may_be_missing(schema: Any, payload: Any, name: str) -> None:
    del payload["audit"][name]
    assert Draft4Validator(schema).is_valid(payload)


@pytest.mark.parametrize("name", ["id", "type", "ward", "completedBy", "completedAt"])
def test_what_the_hub_needs_must_be_there(schema: Any, payload: Any, name: str) -> None:
    del payload["audit"][name]
    assert not Draft4Validator(schema).is_valid(payload)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("eventType", 7),
        ("audit", []),
        ("audit.id", 12345),
        ("audit.id", ""),
        ("audit.ward", None),
        ("audit.completedBy", "Sarah Johnson"),
        ("audit.completedBy", {"email": "sarah.johnson@example.nhs.uk"}),
        ("audit.completedAt", 1769501672),
        ("audit.values", [4.2]),
    ],
)
def test_another_shape_does_not_fit(schema: Any, payload: Any, path: str, value: Any) -> None:
    assert not Draft4Validator(schema).is_valid(_changed(payload, path, value))


def test_trigger_and_parse_step_use_this_schema(kit: dict[str, bytes], schema: Any) -> None:
    for flow in (flow_of_solution(kit), flow_of_package(kit)):
        assert flow["triggers"]["manual"]["inputs"]["schema"] == schema
        assert flow["actions"]["Parse_the_audit"]["inputs"]["schema"] == schema


def test_the_example_is_the_guides(payload: Any) -> None:
    assert payload["audit"]["completedBy"] == {
        "name": "Sarah Johnson",
        "email": "sarah.johnson@nhs.net",
        "staffId": "NHS123456",
    }
    assert payload["audit"]["values"]["currentTemp"] == 4.2
