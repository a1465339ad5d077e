"""Everything below /api/ answers in one shape; its description is for people who signed in."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

SYNC = "/api/assurance/sync"


def assert_problem(response: Any, status: int, error: str) -> None:
    answer = response.json()
    assert (response.status_code, answer["error"]) == (status, error)
    assert answer["success"] is False
    assert answer["message"]
    assert answer["details"] == []


@pytest.mark.parametrize("path", ["/api/", "/api/nothing", "/api/assurance/", f"{SYNC}/"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_address_is_not_found(client: Client, path: str, method: str) -> None:
    assert_problem(client.generic(method, path), 404, "NOT_FOUND")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_another_method_is_told_which_is_possible(client: Client, method: str) -> None:
    response = client.generic(method, SYNC)
    assert_problem(response, 405, "METHOD_NOT_ALLOWED")
    assert response.headers["Allow"] == "POST"


def test_no_cookie_and_no_csrf_token_are_needed() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert_problem(strict.post(SYNC), 401, "UNAUTHENTICATED")


@pytest.mark.parametrize("path", ["/api/openapi.json", "/api/docs"])
def test_the_description_needs_sign_in(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/account/sign-in/?next={path}"
    client.force_login(UserFactory.create())
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/api/openapi.json", "/api/docs"])
def test_in_a_demo_the_description_is_open(client: Client, settings: Settings, path: str) -> None:
    settings.HUB_DEMO = True
    assert client.get(path).status_code == 200


def description(client: Client) -> Any:
    client.force_login(UserFactory.create())
    return client.get("/api/openapi.json").json()


OUTCOMES = (
    (f"post {SYNC}", "200", 4, {"401", "403", "422", "429", "503"}),
    ("post /api/assurance/webhook", "202", 3, {"401", "403", "422", "429", "503"}),
    ("get /api/assurance/events/{event_id}", "200", 6, {"401", "403", "404", "429", "503"}),
)


@pytest.mark.parametrize(("operation", "good", "outcomes", "refusals"), OUTCOMES)
def test_the_description_has_an_example_for_each_outcome(
    client: Client, operation: str, good: str, outcomes: int, refusals: set[str]
) -> None:
    method, path = operation.split()
    described = description(client)["paths"][path][method]
    assert described["summary"]
    assert described["security"] == [{"ApiKey": []}, {"BearerKey": []}]
    responses = described["responses"]
    assert set(responses) == {good, *refusals}
    understood = responses[good]["content"]["application/json"]["examples"]
    assert len(understood) == outcomes
    for status in refusals:
        examples = responses[status]["content"]["application/json"]["examples"].values()
        assert all(example["value"]["error"] for example in examples)
    for status in ("429", "503"):
        assert "Retry-After" in responses[status]["headers"]


@pytest.mark.parametrize("tier", ["light", "medium", "max"])
def test_the_description_tells_only_what_the_tier_has(
    client: Client, settings: Settings, tier: str
) -> None:
    settings.HUB_TIER = tier
    text = str(description(client))
    assert "assurance" not in text.lower()
    assert "audit" not in text.lower()


def test_the_page_loads_nothing_from_elsewhere(client: Client) -> None:
    client.force_login(UserFactory.create())
    page = client.get("/api/docs").content.decode()
    assert "://" not in page
