"""A later start of the demo: what somebody did stays, the days that passed are lived."""

from datetime import datetime, timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from audit.chain import faults
from demo.seeding import seed
from demo.wards import BYRON, SHELLEY
from tasks import actions
from tasks.models import Kind, Status, Task, TaskTemplate
from tests.factories import WardFactory
from wards.actors import person
from wards.models import User, Ward

pytestmark = pytest.mark.django_db


def seed_after(start: datetime, **later: int) -> bool:
    """Seed again so much later."""
    with time_machine.travel(start + timedelta(**later), tick=False):
        return seed(days_back=5)


def test_it_asks_the_database_little(
    lived: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(11):
        seed_after(lived, minutes=1)


def test_days_later_the_days_between_are_lived(lived: datetime) -> None:
    assert seed_after(lived, days=3) is True
    between = Task.objects.of_kind(Kind.WARD).filter(due_on=lived.date() + timedelta(days=2))
    assert between.filter(status=Status.COMPLETED).count() > between.count() * 0.8
    left = (
        Task.objects.of_kind(Kind.WARD)
        .open()
        .filter(carry_over=True, due_on__lt=lived.date() + timedelta(days=2))
    )
    assert not left.exists()
    assert list(faults()) == []


def test_what_somebody_touched_stays(lived: datetime) -> None:
    sarah = User.objects.get(name="Sarah Johnson")
    task = Task.objects.untouched().filter(ward__name=BYRON, due_on=lived.date())[0]
    actions.claim(task=task, by=person(sarah))
    seed_after(lived, days=2)
    task.refresh_from_db()
    assert (task.status, task.claimed_by, task.version) == (Status.PENDING, sarah, 2)


def test_what_a_visitor_did_to_the_wards_does_not_stop_it(lived: datetime) -> None:
    WardFactory.create(name="Brontë")
    Ward.objects.filter(name=SHELLEY).update(name="Keats House")
    TaskTemplate.objects.filter(ward__name=BYRON).first().delete()  # type: ignore[union-attr]
    assert seed_after(lived, days=1) is True
