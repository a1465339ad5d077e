"""The same audit again with other values: both are kept and shown, and the answer is the same."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from assurance.alert_delivery import deliver
from assurance.follow_ups import act_on
from assurance.models import Outcome, SyncAlert, SyncEvent
from assurance.sync import match_kept
from tasks.actions import complete
from tasks.models import Task
from tests.assurance.posting import OUT_OF_RANGE, Byron
from tests.assurance.test_card_facts import shown
from tests.factories import AuditTaskFactory, GuideFactory, member_of
from wards.actors import person
from wards.models import Role

pytestmark = pytest.mark.django_db

Post = Callable[..., Any]

IN_RANGE = {"currentTemp": 4.2, "inRange": True}
QUARTER_PAST_EIGHT = datetime(2026, 1, 27, 8, 15, 1, tzinfo=UTC)
TWENTY_TO_TEN = datetime(2026, 1, 27, 9, 40, tzinfo=UTC)


@pytest.fixture
def task(byron: Byron) -> Task:
    return AuditTaskFactory.create(ward=byron.ward, guide=GuideFactory.create())


def send(post: Post, values: dict[str, Any], at: datetime = QUARTER_PAST_EIGHT, **more: Any) -> Any:
    with time_machine.travel(at, tick=False):
        return post(values=values, **more)


def outcomes() -> list[str]:
    return list(SyncEvent.objects.order_by("pk").values_list("outcome", flat=True))


def act_on_all() -> None:
    """Do what all events ask for, as the sweep would."""
    waiting = SyncEvent.objects.awaiting_follow_up().order_by("pk")
    for number in list(waiting.values_list("pk", flat=True)):
        act_on(event_id=number)


def test_other_values_are_kept_beside_the_first_and_answered_alike(task: Task, post: Post) -> None:
    first = send(post, IN_RANGE)
    second = send(post, {"currentTemp": 5, "inRange": True}, TWENTY_TO_TEN)
    assert second.content == first.content
    assert outcomes() == [Outcome.COMPLETED, Outcome.CORRECTED]
    original, correction = SyncEvent.objects.order_by("pk")
    assert (original.values, correction.values) == (IN_RANGE, {"currentTemp": 5, "inRange": True})
    assert (correction.repeat_of, correction.person) == (original, original.person)


def test_both_are_shown_on_the_card_with_their_times(task: Task, post: Post) -> None:
    send(post, OUT_OF_RANGE)
    send(post, IN_RANGE, TWENTY_TO_TEN)
    text = shown(task)
    assert "synced at 08:15 · Current temp 11.5" in text
    assert "Corrected on the Assurance Dashboard, synced at 09:40 · Current temp 4.2" in text
    assert text.index("Out of range") < text.index("In range")


def test_a_plain_retry_is_a_repeat_also_of_the_correction(task: Task, post: Post) -> None:
    for values in (IN_RANGE, IN_RANGE, OUT_OF_RANGE, OUT_OF_RANGE):
        send(post, values)
    assert outcomes()[1:] == [Outcome.REPEATED, Outcome.CORRECTED, Outcome.REPEATED]


def test_what_is_corrected_back_is_a_correction(task: Task, post: Post) -> None:
    for values in (IN_RANGE, OUT_OF_RANGE, IN_RANGE):
        send(post, values)
    assert outcomes()[1:] == [Outcome.CORRECTED, Outcome.CORRECTED]


def test_an_old_request_that_comes_again_under_its_key_is_a_repeat(
    byron: Byron, task: Task, post: Post
) -> None:
    key = {"X-API-Key": byron.key, "Idempotency-Key": "run-1"}
    send(post, IN_RANGE, headers=key)
    send(post, OUT_OF_RANGE)
    send(post, IN_RANGE, headers=key)
    assert outcomes()[1:] == [Outcome.CORRECTED, Outcome.REPEATED]


def test_what_is_newly_out_of_range_sets_off_its_follow_up_once(task: Task, post: Post) -> None:
    send(post, IN_RANGE)
    for _ in range(3):
        send(post, OUT_OF_RANGE)
        act_on_all()
    urgent = Task.objects.get(follow_up_of=task)
    assert urgent.instructions == "The audit found: Current temp 11.5."
    assert urgent.guide == task.guide
    assert SyncAlert.objects.filter(kind="out_of_range").count() == 1


def test_what_stays_out_of_range_sets_off_nothing_more(
    byron: Byron, task: Task, post: Post
) -> None:
    send(post, OUT_OF_RANGE)
    act_on_all()
    complete(task=Task.objects.get(follow_up_of=task), by=person(byron.sarah))
    send(post, {"currentTemp": 12, "inRange": False})
    act_on_all()
    assert Task.objects.filter(follow_up_of=task).count() == 1


def test_what_is_newly_in_range_leaves_the_task_and_says_so(
    byron: Byron, task: Task, post: Post
) -> None:
    member_of(byron.ward, role=Role.WARD_ADMIN)
    send(post, OUT_OF_RANGE)
    act_on_all()
    send(post, IN_RANGE, TWENTY_TO_TEN)
    act_on_all()
    urgent = Task.objects.get(follow_up_of=task)
    assert urgent.is_open
    deliver(timezone.now())
    [message] = [one for one in mail.outbox if "corrected into range" in one.subject]
    assert "Current temp 11.5\nNow:\nCurrent temp 4.2" in message.body
    assert "The urgent task stays in the diary" in message.body
    assert urgent.get_absolute_url() in message.body


def test_a_correction_of_a_kept_audit_is_followed_up_once_it_has_its_task(
    byron: Byron, post: Post
) -> None:
    send(post, IN_RANGE)
    send(post, OUT_OF_RANGE)
    act_on_all()
    assert SyncAlert.objects.filter(kind="out_of_range").count() == 0
    with time_machine.travel(TWENTY_TO_TEN):
        task = AuditTaskFactory.create(ward=byron.ward)
        match_kept(ward_ids=[byron.ward.pk])
    act_on_all()
    assert Task.objects.filter(follow_up_of=task).count() == 1
    assert not SyncEvent.objects.awaiting_follow_up().exists()


def test_a_correction_of_what_a_webhook_left_for_the_job_reaches_the_ward(
    byron: Byron, task: Task, post: Post
) -> None:
    send(post, IN_RANGE)
    SyncEvent.objects.update(outcome=Outcome.RECEIVED, ward=None, synced_at=None, task=None,
                             task_public_id="")  # fmt: skip
    assert send(post, OUT_OF_RANGE).json()["success"] is True
    act_on_all()
    assert SyncAlert.objects.get().ward == byron.ward


def test_the_page_of_the_event_shows_both(
    byron: Byron, task: Task, post: Post, client: Client
) -> None:
    send(post, OUT_OF_RANGE)
    send(post, IN_RANGE, TWENTY_TO_TEN)
    client.force_login(member_of(byron.ward, role=Role.WARD_ADMIN))
    for event in SyncEvent.objects.all():
        page = client.get(f"/admin/assurance/syncevent/{event.pk}/change/").content.decode()
        assert "27 Jan 2026, 08:15: Current temp 11.5, out of range" in page
        assert "27 Jan 2026, 09:40: Current temp 4.2, in range" in page


def test_later_than_a_day_its_date_is_said(task: Task, post: Post) -> None:
    send(post, IN_RANGE)
    send(post, OUT_OF_RANGE, QUARTER_PAST_EIGHT + timedelta(days=1))
    assert "synced at Wed 28 Jan, 08:15" in shown(task)
