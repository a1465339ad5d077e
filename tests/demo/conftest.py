"""A seeded demo that the tests of a module share: a module takes one of these fixtures."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
import time_machine
from django.db import transaction
from pytest_django import DjangoDbBlocker

from demo.seeding import seed
from tests.demo.moments import CLOCKS, friday_at

A_FEW = 2  # patients on each ward


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[datetime]:
    """The demo as it was seeded at ten in the morning."""
    with _seeded(friday_at("10:00"), django_db_blocker) as now:
        yield now


@pytest.fixture(scope="module", params=CLOCKS)
def at_any_hour(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[datetime]:
    """The demo as it was seeded at that hour."""
    with _seeded(friday_at(request.param), django_db_blocker) as now:
        yield now


@contextmanager
def _seeded(now: datetime, blocker: DjangoDbBlocker) -> Iterator[datetime]:
    with time_machine.travel(now, tick=False), blocker.unblock(), transaction.atomic():
        assert seed(days_back=2, patients=A_FEW), "another of these fixtures is still there"
        with blocker.block():
            yield now
        transaction.set_rollback(True)
