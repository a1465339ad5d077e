"""The published description and the endpoint agree: schemathesis tries what it describes."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings
from pytest_django import Settings
from schemathesis.checks import not_a_server_error
from schemathesis.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.assurance.posting import Byron

pytestmark = pytest.mark.django_db

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
    ignored_auth,
]


@pytest.fixture
def description(settings: Settings) -> schemathesis.openapi.OpenApiSchema:
    settings.HUB_DEMO = True
    settings.HUB_SYNC_RATE_LIMIT = "100000/minute"
    return schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())


schema = schemathesis.pytest.from_fixture("description")


@schema.parametrize()
@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_endpoint_does_what_it_describes(case: schemathesis.Case, byron: Byron) -> None:
    case.call_and_validate(headers={"X-API-Key": byron.key}, checks=CHECKS)
