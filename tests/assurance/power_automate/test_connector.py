"""The custom connector: valid Swagger 2.0, in Microsoft's form, in step with the API."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from assurance.power_automate.kit import kit_for
from inpatient_hub.api import api

Json = dict[str, Any]

TOLD_OF_A_FIELD = ("type", "format", "enum", "minLength", "maxLength")


@pytest.fixture
def connector(kit: dict[str, bytes]) -> Json:
    definition: Json = json.loads(kit["connector/apiDefinition.swagger.json"])
    return definition


@pytest.fixture
def published() -> Json:
    """The API's own description, of the assurance room alone."""
    description = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api")))
    paths = description["paths"].items()
    return {
        **description,
        "paths": {path: one for path, one in paths if path.startswith("/api/assurance/")},
    }


def _operations(description: Json) -> dict[tuple[str, str], Json]:
    return {
        (path, method): operation
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }


def _resolved(schema: Json, description: Json) -> Json:
    if "$ref" not in schema:
        return schema
    found: Any = description
    for name in schema["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return dict(found)


def _shapes(schema: Json, description: Json) -> list[Json]:
    """Return the schemas that `schema` allows, without null: one, or each of a union."""
    schema = _resolved(schema, description)
    shapes = [_resolved(one, description) for one in schema.get("anyOf", [schema])]
    return [shape for shape in shapes if shape.get("type") != "null"]


def _fields(schema: Json, description: Json) -> Json:
    """Return what `schema` says of each field, and which fields it always has."""
    shapes = _shapes(schema, description)
    fields = {
        name: _facts(field, description)
        for shape in shapes
        for name, field in shape.get("properties", {}).items()
    }
    required = set.intersection(*(set(shape.get("required", [])) for shape in shapes))
    return {"fields": fields, "required": required}


def _facts(field: Json, description: Json) -> Json:
    shape = _shapes(field, description)[0]
    facts = {fact: shape[fact] for fact in TOLD_OF_A_FIELD if fact in shape}
    if isinstance(facts.get("type"), list):  # Swagger 2.0 knows no null
        [facts["type"]] = set(facts["type"]) - {"null"}
    if facts.get("format") == "uuid":  # Microsoft's schema for connectors does not know it
        del facts["format"]
    if "items" in shape:
        facts["items"] = _fields(shape["items"], description)
    if "properties" in shape:
        facts["inside"] = _fields(field, description)
    return facts


def _body_in_swagger(operation: Json) -> Json | None:
    return next((one["schema"] for one in operation["parameters"] if one["in"] == "body"), None)


def _body_in_openapi(operation: Json) -> Json | None:
    content = operation.get("requestBody", {}).get("content", {})
    schema: Json | None = content.get("application/json", {}).get("schema")
    return schema


def _parameters(operation: Json) -> set[tuple[str, str, bool]]:
    return {
        (one["name"], one["in"], one.get("required", False))
        for one in operation.get("parameters", [])
        if one["in"] != "body"
    }


def test_the_connector_is_valid_swagger(connector: Json) -> None:
    validate(connector)


@pytest.mark.parametrize(
    ("address", "host", "base_path"),
    [
        ("https://hub.example.nhs.uk", "hub.example.nhs.uk", "/"),
        ("https://hub.example.nhs.uk:8443/", "hub.example.nhs.uk:8443", "/"),
        ("https://apps.example.nhs.uk/wards/hub", "apps.example.nhs.uk", "/wards/hub"),
    ],
)
def test_the_connector_leads_to_the_hub(address: str, host: str, base_path: str) -> None:
    connector = json.loads(kit_for(address)["connector/apiDefinition.swagger.json"])
    assert (connector["host"], connector["basePath"]) == (host, base_path)
    assert connector["schemes"] == ["https"]


def test_the_connector_has_the_operations_of_the_api(connector: Json, published: Json) -> None:
    ours, theirs = _operations(connector), _operations(published)
    assert ours.keys() == theirs.keys()
    for address, operation in ours.items():
        assert operation["operationId"] == theirs[address]["operationId"]
        assert _parameters(operation) == _parameters(theirs[address])


def test_the_requests_have_the_fields_of_the_api(connector: Json, published: Json) -> None:
    theirs = _operations(published)
    for address, operation in _operations(connector).items():
        ours, wanted = _body_in_swagger(operation), _body_in_openapi(theirs[address])
        assert (ours is None) == (wanted is None), address
        if ours is not None and wanted is not None:
            assert _fields(ours, connector) == _fields(wanted, published), address


def test_the_answers_have_the_codes_and_fields_of_the_api(connector: Json, published: Json) -> None:
    theirs = _operations(published)
    for address, operation in _operations(connector).items():
        wanted = theirs[address]["responses"]
        assert operation["responses"].keys() == wanted.keys(), address
        for status, response in operation["responses"].items():
            content = wanted[status]["content"]["application/json"]["schema"]
            ours = _fields(response["schema"], connector)
            assert ours == _fields(content, published), (address, status)


def test_the_key_goes_where_the_api_looks_for_it(connector: Json, published: Json) -> None:
    [ours] = connector["securityDefinitions"].values()
    assert ours == published["components"]["securitySchemes"]["ApiKey"]


def test_the_connector_asks_for_the_key_and_hides_it(kit: dict[str, bytes]) -> None:
    properties = json.loads(kit["connector/apiProperties.json"])["properties"]
    key = properties["connectionParameters"]["api_key"]
    assert key["type"] == "securestring"
    assert key["uiDefinition"]["constraints"] == {
        "tabIndex": 2,
        "clearText": False,
        "required": "true",
    }
    assert set(properties) == {
        "connectionParameters",
        "iconBrandColor",
        "capabilities",
        "policyTemplateInstances",
    }


def test_the_words_follow_the_guidance_for_connectors(connector: Json) -> None:
    title, description = connector["info"]["title"], connector["info"]["description"]
    assert len(title) <= 30
    assert " API" not in title + description
    for operation in _operations(connector).values():
        summary = operation["summary"]
        assert len(summary) <= 80
        assert summary[-1].isalnum()
        assert operation["operationId"].isalnum()
        assert operation["description"] != summary
        named = [one for one in operation["parameters"] if one["in"] != "body"]
        for field in [*named, *_named_fields(connector)]:
            assert field.get("format") in {None, "date-time"}, field
            assert field["x-ms-summary"].istitle(), field
            assert field["description"].endswith("."), field


def _named_fields(connector: Json) -> Iterator[Json]:
    inside = list(connector["definitions"].values())
    for definition in inside:
        fields = definition.get("properties", {}).values()
        inside += fields
        yield from (field for field in fields if "$ref" not in field)
