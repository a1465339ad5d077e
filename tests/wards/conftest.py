"""A ward, a nurse on it, and her browser."""

import pytest
from django.test import Client

from tests.factories import WardFactory, member_of
from wards.models import User, Ward


@pytest.fixture
def byron(db: None) -> Ward:
    return WardFactory.create(name="Byron")


@pytest.fixture
def sarah(byron: Ward) -> User:
    return member_of(byron, name="Sarah Johnson")


@pytest.fixture
def page(client: Client, sarah: User) -> Client:
    """Sarah's browser, signed in."""
    client.force_login(sarah)
    return client
