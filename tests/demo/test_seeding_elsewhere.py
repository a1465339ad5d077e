"""Seeding a whole month, in other tiers, and on the days on which the clocks change."""

import time
from collections import Counter
from datetime import datetime

import pytest
import time_machine
from pytest_django import Settings

from assurance.models import ApiClient, SyncEvent
from demo.seeding import seed
from tasks import shifts
from tasks.models import Kind, Status, Task, TaskEvent
from tests.demo.moments import friday_at
from wards.actors import Source

pytestmark = pytest.mark.django_db

TEN = friday_at("10:00")


def test_a_month_is_made_in_seconds_and_few_tasks_are_missed() -> None:
    began = time.process_time()  # the machine may be busy with other tests
    with time_machine.travel(TEN, tick=False):
        seed()
    assert time.process_time() - began < 15, "about 4 seconds on an idle machine"
    past = Task.objects.of_kind(Kind.WARD).filter(due_on__lt=TEN.date() - shifts.ONE_DAY)
    number = Counter(past.values_list("status", flat=True))
    assert past.dates("due_on", "day").count() == 29
    assert 0.01 < number[Status.PENDING] / past.count() < 0.04
    assert 0 < number[Status.CANCELLED] / past.count() < 0.02
    assert number[Status.IN_PROGRESS] == 0
    assert not past.filter(status=Status.PENDING, carry_over=True).exists()


@pytest.mark.parametrize("tier", ["light", "max"])
def test_without_the_sync_all_is_done_by_hand(settings: Settings, tier: str) -> None:
    settings.HUB_TIER = tier
    with time_machine.travel(TEN, tick=False):
        seed(days_back=2, patients=2)
    assert not SyncEvent.objects.exists()
    assert not ApiClient.objects.exists()
    assert not TaskEvent.objects.filter(source=Source.SYNC).exists()
    assert Task.objects.filter(status=Status.COMPLETED).exclude(audit_type="").exists()


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_it_works_on_the_day_on_which_the_clocks_change(day: str) -> None:
    now = datetime.fromisoformat(f"{day}T02:30").replace(tzinfo=shifts.LONDON)
    with time_machine.travel(now, tick=False):
        assert seed(days_back=2, patients=2)
        assert not TaskEvent.objects.filter(at__gt=now).exists()
