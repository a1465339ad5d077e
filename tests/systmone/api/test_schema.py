"""The published description and the endpoints agree: schemathesis tries what it describes."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from limits import parse
from pytest_django import Settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import positive_data_acceptance

from assurance import rate_limits
from inpatient_hub.api import api
from systmone.models import Gateway

pytestmark = pytest.mark.django_db

NOT_EXPRESSIBLE = [positive_data_acceptance]  # a schema cannot say whose number it is

description = schemathesis.openapi.from_dict(dict(api.get_openapi_schema(path_prefix="api")))
description.app = get_wsgi_application()
OPERATIONS = (
    ("/api/systmone/patients", "GET"),
    ("/api/systmone/notes", "POST"),
    ("/api/systmone/tasks", "GET"),
    ("/api/systmone/tasks", "POST"),
    ("/api/systmone/calls/{call_id}", "GET"),
)


@pytest.fixture
def _one_transaction() -> Iterator[None]:
    """As Django's test client does: the requests share the connection of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def _in_a_hurry(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HUB_SYNC_RATE_LIMIT = "100000/minute"
    monkeypatch.setattr(rate_limits, "FAILED_AUTHENTICATIONS", parse("100000/minute"))
    monkeypatch.setattr("systmone.waiting.LONGEST", 0)


@pytest.mark.usefixtures("_one_transaction", "_in_a_hurry", "gateway", "stay")
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_the_endpoints_do_what_they_describe(path: str, method: str, key: str) -> None:
    Gateway.objects.update(task_type="General Task")
    operation = description[path][method]
    cases = operation.as_strategy(GenerationMode.POSITIVE) | operation.as_strategy(
        GenerationMode.NEGATIVE
    )

    @given(case=cases)
    @settings(max_examples=20, suppress_health_check=[*HealthCheck])
    def tried(case: Case[Any]) -> None:
        case.call_and_validate(headers={"X-API-Key": key}, excluded_checks=NOT_EXPRESSIBLE)

    tried()
