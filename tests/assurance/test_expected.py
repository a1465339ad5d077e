"""What became of the audits that were due."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from assurance.expected import Fate, Way, day_of, expected_audits
from assurance.models import Outcome
from tasks.models import Shift, Task
from tests.assurance.events import MORNING, done, event_of, synced
from tests.assurance.posting import Byron
from tests.factories import TODAY, AuditTaskFactory, TaskFactory, WardFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)
AFTER_THE_SHIFT = datetime(2026, 1, 27, 14, 30, tzinfo=UTC)  # the early shift ends at 14:30


def fates(byron: Byron, now: datetime = NOON, day: date = TODAY) -> list[tuple[Fate, Way | None]]:
    audits = expected_audits([byron.ward], first=day, last=day, now=now)
    return [(audit.fate, audit.way) for audit in audits]


@pytest.mark.parametrize(
    ("now", "fate"),
    [
        (AFTER_THE_SHIFT - timedelta(seconds=1), Fate.TO_DO),
        (AFTER_THE_SHIFT, Fate.MISSED),
    ],
)
def test_what_is_open_is_missed_when_its_shift_has_ended(
    byron: Byron, now: datetime, fate: Fate
) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    assert fates(byron, now) == [(fate, None)]


@pytest.mark.parametrize(
    ("at", "fate"),
    [
        (MORNING, Fate.IN_TIME),
        (AFTER_THE_SHIFT - timedelta(seconds=1), Fate.IN_TIME),
        (AFTER_THE_SHIFT, Fate.LATE),
    ],
)
def test_what_is_done_is_in_time_until_its_shift_ends(
    byron: Byron, at: datetime, fate: Fate
) -> None:
    done(byron.ward, byron.sarah, at=at)
    assert fates(byron) == [(fate, Way.ONLY_BY_HAND)]


def test_a_cancelled_audit_is_told_as_cancelled(byron: Byron) -> None:
    AuditTaskFactory.create(ward=byron.ward, status="cancelled", cancelled_reason="No fridge")
    assert fates(byron) == [(Fate.CANCELLED, None)]


def test_it_tells_the_sync_from_the_hand(byron: Byron) -> None:
    synced(byron.ward, byron.sarah, byron.client)
    seen = done(byron.ward, byron.sarah)
    event_of(byron.ward, byron.client, outcome=Outcome.ALREADY_COMPLETE, task=seen)
    done(byron.ward, byron.sarah)
    assert [way for _, way in fates(byron)] == [Way.BY_SYNC, Way.BY_HAND, Way.ONLY_BY_HAND]


def test_what_was_reopened_and_done_by_hand_was_not_done_by_sync(byron: Byron) -> None:
    task = synced(byron.ward, byron.sarah, byron.client)
    Task.objects.filter(pk=task.pk).update(completed_at=MORNING + timedelta(hours=1))
    assert fates(byron) == [(Fate.IN_TIME, Way.BY_HAND)]


def test_a_value_out_of_range_is_told(byron: Byron) -> None:
    synced(byron.ward, byron.sarah, byron.client, values={"inRange": False})
    [audit] = expected_audits([byron.ward], first=TODAY, last=TODAY, now=NOON)
    assert audit.is_out_of_range


@pytest.mark.parametrize("was_out_of_range", [True, False])
def test_the_last_correction_is_what_stands(byron: Byron, *, was_out_of_range: bool) -> None:
    values = {"inRange": not was_out_of_range}
    task = synced(byron.ward, byron.sarah, byron.client, values=values)
    event_of(
        byron.ward,
        byron.client,
        outcome=Outcome.CORRECTED,
        repeat_of=task.sync_events.get(),
        values={"inRange": was_out_of_range},
    )
    [audit] = expected_audits([byron.ward], first=TODAY, last=TODAY, now=NOON)
    assert audit.is_out_of_range is not was_out_of_range


def test_only_audits_of_these_wards_and_days(byron: Byron) -> None:
    TaskFactory.create(ward=byron.ward)
    AuditTaskFactory.create(ward=WardFactory.create())
    AuditTaskFactory.create(ward=byron.ward, due_on=TODAY - timedelta(days=1))
    assert fates(byron) == []


NIGHT: dict[str, Any] = {"shift": Shift.NIGHT, "audit_type": "ligature_check"}


@pytest.mark.parametrize(
    ("day", "last_minute"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 29, 6, 29, tzinfo=UTC)),  # the clocks go forward
        (date(2026, 10, 24), datetime(2026, 10, 25, 7, 29, tzinfo=UTC)),  # and back
    ],
)
def test_a_night_shift_is_of_its_first_day_also_when_the_clocks_change(
    byron: Byron, day: date, last_minute: datetime
) -> None:
    done(byron.ward, byron.sarah, at=last_minute, due_on=day, **NIGHT)
    late = last_minute + timedelta(minutes=1)
    done(byron.ward, byron.sarah, at=late, due_on=day, **NIGHT)
    assert [fate for fate, _ in fates(byron, day=day)] == [Fate.IN_TIME, Fate.LATE]
    assert day_of(byron.ward, last_minute - timedelta(minutes=35)) == day


def test_it_takes_three_queries_however_many_there_are(
    byron: Byron, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        synced(byron.ward, byron.sarah, byron.client)
    with django_assert_num_queries(3):
        audits = expected_audits([byron.ward], first=TODAY, last=TODAY, now=NOON)
        assert [audit.is_out_of_range for audit in audits] == [False] * 5
