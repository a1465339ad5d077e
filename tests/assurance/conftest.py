from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from assurance import rate_limits
from tests.assurance.posting import Byron, event_poster, new_client, poster
from tests.factories import WardFactory, member_of
from tests.web_server import running_hub
from wards import wake_up


@pytest.fixture(autouse=True)
def _no_outage_remembered() -> None:
    wake_up.redis_outage.over()


@pytest.fixture(autouse=True)
def _no_attempts_remembered() -> Iterator[None]:
    """All tests call from one address, which may fail 30 times a minute."""
    yield
    rate_limits.forget_everything()


@pytest.fixture
def byron(db: None) -> Byron:
    ward = WardFactory.create(name="Byron")
    sarah = member_of(ward, name="Sarah Johnson", email="sarah.johnson@example.nhs.uk")
    client, key = new_client(ward)
    return Byron(ward, sarah, client, key)


@pytest.fixture
def post(client: Client, byron: Byron) -> Callable[..., Any]:
    return poster(client, byron.key)


@pytest.fixture
def post_event(client: Client, byron: Byron) -> Callable[..., Any]:
    return event_poster(client, byron.key)


@pytest.fixture(scope="session")
def hub(django_db_setup: None) -> Iterator[str]:
    """The address of a real server process on the database of the tests."""
    with running_hub() as address:
        yield address
