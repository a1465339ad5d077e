"""A ward, a nurse on it, and her browser."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from tests.factories import WardFactory, member_of
from tests.tasks.diary import TEN
from wards.models import User, Ward


@pytest.fixture
def ten_in_the_morning() -> Iterator[None]:
    with time_machine.travel(TEN, tick=False):
        yield


@pytest.fixture
def byron() -> Ward:
    return WardFactory.create(name="Byron")


@pytest.fixture
def sarah(byron: Ward) -> User:
    return member_of(byron, name="Sarah Johnson")


@pytest.fixture
def page(client: Client, sarah: User, settings: Settings) -> Client:
    settings.SESSION_COOKIE_AGE = 7 * 24 * 60 * 60  # these tests travel further than a shift
    client.force_login(sarah)
    return client
