"""Whose address it is, behind proxies that can be trusted and before callers who lie."""

import pytest
from django.http import HttpRequest, HttpResponse
from pytest_django import Settings

from inpatient_hub.middleware import ClientAddressMiddleware

PROXY = "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded_for", "address"),
    [
        (0, "10.1.0.5", PROXY),  # no proxy is trusted: the header may be anybody's
        (1, "10.1.0.5", "10.1.0.5"),
        (1, "10.1.0.5, 203.0.113.9", "203.0.113.9"),  # the caller wrote the first one
        (2, "10.1.0.5, 203.0.113.9", "10.1.0.5"),
        (2, "203.0.113.9", PROXY),  # it did not come through both
        (1, "", PROXY),
    ],
)
def test_the_address_is_the_one_that_the_outermost_trusted_proxy_saw(
    settings: Settings, proxies: int, forwarded_for: str, address: str
) -> None:
    settings.HUB_TRUSTED_PROXY_COUNT = proxies
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": PROXY}
    if forwarded_for:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded_for
    ClientAddressMiddleware(lambda _: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == address
