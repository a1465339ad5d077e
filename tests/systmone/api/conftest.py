"""The ward, gateway and simulator of the gateway's tests, and callers of the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from assurance.api_clients import create_client
from tests.systmone.gateway.conftest import (
    SETUP,
    byron,
    gateway,
    pushed,
    sarah,
    simulator,
    stay,
    write,
)
from wards import wake_up
from wards.models import User, Ward

__all__ = ["byron", "gateway", "pushed", "sarah", "simulator", "stay", "write"]

Send = Callable[..., Any]


@pytest.fixture(autouse=True)
def _no_outage_remembered() -> None:
    wake_up.redis_outage.over()


@pytest.fixture
def key(byron: Ward, sarah: User) -> str:
    """The key of a client that acts for Sarah on Byron."""
    return create_client(name="Digital Notes", wards=[byron], by=SETUP, acts_for=sarah)[1]


@pytest.fixture
def page(client: Client, sarah: User) -> Client:
    client.force_login(sarah)
    return client


@pytest.fixture
def post_note(key: str) -> Send:
    """Post a note with the client's key."""

    def post(text: str = "Slept well.", number: str = "9434765919", **headers: str) -> Any:
        return Client().post(
            "/api/systmone/notes",
            {"nhsNumber": number, "text": text},
            content_type="application/json",
            headers={"X-API-Key": key, **headers},
        )

    return post
