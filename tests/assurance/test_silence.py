"""A ward of which nothing is heard while audits are due there."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from assurance.api_clients import revoke
from assurance.models import Outcome
from assurance.silence import silences
from tasks.models import AuditType
from tests.assurance.events import MORNING, done, event_of, synced
from tests.assurance.posting import ADMIN, Byron
from tests.factories import TODAY, AuditTaskFactory, WardFactory
from wards.models import Ward

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 1, 27, 20, tzinfo=UTC)  # the early shift ended at 14:30
HOURS_AGO = {hours: EVENING - timedelta(hours=hours) for hours in range(20)}


def silent(now: datetime = EVENING) -> list[tuple[str, int]]:
    return [(one.ward.name, one.awaited) for one in silences(Ward.objects.all(), now)]


def test_a_ward_is_silent_when_nothing_came_while_an_audit_was_due(byron: Byron) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    assert silent() == [("Byron", 1)]


@pytest.mark.parametrize(("hours", "expected"), [(11, []), (12, [("Byron", 1)])])
def test_the_hours_are_a_setting(
    byron: Byron, settings: Settings, hours: int, expected: list[tuple[str, int]]
) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    event_of(
        byron.ward,
        byron.client,
        outcome=Outcome.NO_MATCHING_TASK,
        received_at=HOURS_AGO[hours],
    )
    assert silent() == expected
    settings.HUB_SYNC_SILENCE_HOURS = hours + 1
    assert silent() == []


def test_what_is_still_to_do_or_was_due_before_is_no_sign(byron: Byron) -> None:
    AuditTaskFactory.create(ward=byron.ward, shift="late")  # ends at 21:30
    AuditTaskFactory.create(ward=byron.ward, due_on=TODAY - timedelta(days=1))
    assert silent() == []


def test_a_night_shift_that_began_the_day_before_counts(byron: Byron) -> None:
    AuditTaskFactory.create(ward=byron.ward, shift="night", audit_type=AuditType.LIGATURE_CHECK)
    assert silent(datetime(2026, 1, 28, 9, tzinfo=UTC)) == [("Byron", 1)]


def test_what_was_done_by_hand_alone_does_not_break_the_silence(byron: Byron) -> None:
    done(byron.ward, byron.sarah)
    assert silent() == [("Byron", 1)]


def test_where_all_that_was_due_came_long_ago_there_is_no_silence(byron: Byron) -> None:
    synced(byron.ward, byron.sarah, byron.client, at=HOURS_AGO[13])
    assert silent() == []


def test_a_cancelled_audit_is_not_awaited(byron: Byron) -> None:
    AuditTaskFactory.create(ward=byron.ward, status="cancelled", cancelled_reason="No fridge")
    assert silent() == []


def test_wards_that_no_client_reaches_are_not_silent(byron: Byron) -> None:
    AuditTaskFactory.create(ward=WardFactory.create(name="Shelley"))
    AuditTaskFactory.create(ward=byron.ward)
    assert silent() == [("Byron", 1)]
    revoke(client=byron.client, by=ADMIN)
    assert silent() == []


def test_events_of_another_ward_do_not_break_it(byron: Byron) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    other = WardFactory.create(name="Shelley")
    event_of(other, byron.client, outcome=Outcome.NO_MATCHING_TASK, received_at=MORNING)
    assert silent() == [("Byron", 1)]
