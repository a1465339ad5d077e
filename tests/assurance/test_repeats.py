"""The same audit again changes nothing and gets the same answer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from assurance.models import Outcome, SyncEvent
from assurance.sync import match_kept
from tasks.actions import reopen
from tasks.models import Status, TaskEvent
from tests.assurance.posting import AUDIT, SYNC, Byron, new_client, poster
from tests.factories import AuditTaskFactory
from wards.actors import person

pytestmark = pytest.mark.django_db

Post = Callable[..., Any]


def _later_and_again(post: Post, **changes: Any) -> Any:
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        return post(**changes)


def test_a_repeat_gets_the_same_answer_and_is_recorded(byron: Byron, post: Post) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    first = post()

    second = _later_and_again(post)

    assert second.content == first.content
    assert TaskEvent.objects.filter(action="complete").count() == 1
    original, repeat = SyncEvent.objects.order_by("pk")
    assert (repeat.outcome, repeat.repeat_of) == (Outcome.REPEATED, original)


def test_a_repeat_never_completes_a_second_task(byron: Byron, post: Post) -> None:
    for _ in range(2):
        AuditTaskFactory.create(ward=byron.ward)
    assert post().content == _later_and_again(post).content
    assert byron.ward.tasks.filter(status=Status.PENDING).count() == 1


@pytest.mark.parametrize("changes", [{}, {"ward": "Keats"}, {"completedBy": "Nobody"}])
def test_failures_are_repeated_too(byron: Byron, post: Post, changes: dict[str, Any]) -> None:
    assert post(**changes).content == _later_and_again(post, **changes).content


def test_the_answer_survives_a_reopened_and_a_deleted_task(byron: Byron, post: Post) -> None:
    task = AuditTaskFactory.create(ward=byron.ward)
    first = post()
    task.refresh_from_db()
    reopen(task=task, by=person(byron.sarah))
    assert _later_and_again(post).content == first.content
    task.refresh_from_db()
    assert task.status == Status.PENDING
    task.delete()
    assert _later_and_again(post).content == first.content


def test_a_kept_audit_that_found_its_task_answers_success(byron: Byron, post: Post) -> None:
    assert post().json()["success"] is False
    task = AuditTaskFactory.create(ward=byron.ward)
    with time_machine.travel(datetime(2026, 1, 27, 9, 0, tzinfo=UTC), tick=False):
        match_kept(ward_ids=[byron.ward.pk])
    answers = [_later_and_again(post), _later_and_again(post)]
    assert answers[0].content == answers[1].content
    assert answers[0].json()["taskId"] == task.public_id
    assert answers[0].json()["syncedAt"] == "2026-01-27T09:00:00Z"


def test_a_request_that_was_not_valid_may_be_corrected(byron: Byron, post: Post) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    assert post(completedAt="yesterday").status_code == 422
    assert post().json()["success"] is True


def test_each_client_has_its_own_audit_ids(client: Client, byron: Byron, post: Post) -> None:
    other = poster(client, new_client(name="Another dashboard")[1])
    for _ in range(2):
        AuditTaskFactory.create(ward=byron.ward)
    assert post().json()["taskId"] != other().json()["taskId"]


def test_an_audit_without_values_is_an_audit(client: Client, byron: Byron) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    body = {name: value for name, value in AUDIT.items() if name != "values"}
    response = client.post(
        SYNC, body, content_type="application/json", headers={"X-API-Key": byron.key}
    )
    assert response.json()["success"] is True
    assert SyncEvent.objects.get().values == {}
