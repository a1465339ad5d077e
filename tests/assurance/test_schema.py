"""The published description and the endpoint agree: schemathesis tries what it describes."""

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
from tests.assurance.posting import SYNC, WEBHOOK, Byron

pytestmark = pytest.mark.django_db

NOT_EXPRESSIBLE = [positive_data_acceptance]  # a schema cannot say “not in the future”

description = schemathesis.openapi.from_dict(dict(api.get_openapi_schema(path_prefix="api")))
description.app = get_wsgi_application()
OPERATIONS = (
    (SYNC, "POST"),
    (WEBHOOK, "POST"),
    ("/api/assurance/events/{event_id}", "GET"),
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
def _without_limits(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HUB_SYNC_RATE_LIMIT = "100000/minute"
    monkeypatch.setattr(rate_limits, "FAILED_AUTHENTICATIONS", parse("100000/minute"))


@pytest.mark.usefixtures("_one_transaction", "_without_limits")
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_the_endpoints_do_what_they_describe(path: str, method: str, byron: Byron) -> None:
    operation = description[path][method]
    cases = operation.as_strategy(GenerationMode.POSITIVE) | operation.as_strategy(
        GenerationMode.NEGATIVE
    )

    @given(case=cases)
    @settings(max_examples=60, suppress_health_check=[*HealthCheck])
    def tried(case: Case[Any]) -> None:
        case.call_and_validate(headers={"X-API-Key": byron.key}, excluded_checks=NOT_EXPRESSIBLE)

    tried()
