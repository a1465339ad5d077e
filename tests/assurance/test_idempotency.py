"""`Idempotency-Key`: the same key and body is the same request; another body is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assurance.models import Outcome, SentKey, SyncEvent
from assurance.sent_keys import Sent, StillInProgress
from assurance.sync import keep_other_event
from tasks.models import TaskEvent
from tests.assurance.posting import EVENT, WEBHOOK, Byron, new_client, poster
from tests.factories import AuditTaskFactory
from tests.threads import at_once

pytestmark = pytest.mark.django_db

Post = Callable[..., Any]

OTHER = {**EVENT, "eventType": "AUDIT_STARTED"}


@pytest.fixture
def send(client: Client, byron: Byron) -> Post:
    """Send the example by sync, or any event by webhook, with an `Idempotency-Key`."""
    by_sync = poster(client, byron.key)

    def send(key: str, event: dict[str, Any] | None = None, **changes: Any) -> Any:
        headers = {"X-API-Key": byron.key, "Idempotency-Key": key}
        if event is None:
            return by_sync(headers, **changes)
        return client.post(WEBHOOK, event, content_type="application/json", headers=headers)

    return send


@pytest.mark.parametrize("event", [None, EVENT, OTHER], ids=["sync", "webhook", "other event"])
def test_the_same_key_and_body_get_the_same_answer(
    byron: Byron, send: Post, event: dict[str, Any] | None
) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    answers = [send("run-1", event) for _ in range(3)]
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    outcomes = list(SyncEvent.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes[1:] == [Outcome.REPEATED] * 2
    assert SentKey.objects.count() == 1


@pytest.mark.parametrize("event", [None, OTHER], ids=["sync", "webhook"])
def test_the_same_key_with_another_body_is_refused(
    byron: Byron, send: Post, event: dict[str, Any] | None
) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    AuditTaskFactory.create(ward=byron.ward)
    send("run-1", event)

    answer = send("run-1", event and {**event, "more": 1}, auditId="another")

    assert (answer.status_code, answer.json()["error"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert "send a new one" in answer.json()["message"]
    event_kept = SyncEvent.objects.latest("pk")
    assert (event_kept.outcome, event_kept.details[0]["field"]) == ("invalid", "Idempotency-Key")
    assert TaskEvent.objects.filter(action="complete").count() == (event is None)


def test_a_key_of_a_request_that_was_not_valid_may_come_with_the_corrected_body(
    byron: Byron, send: Post
) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    assert send("run-1", completedAt="yesterday").status_code == 422
    assert send("run-1").json()["success"] is True


def test_the_same_audit_under_another_key_is_the_same_audit(byron: Byron, send: Post) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    assert send("run-1").content == send("run-2").content == send("run-1").content
    assert send("run-2", auditId="another").json()["error"] == "IDEMPOTENCY_KEY_REUSED"


def test_each_client_has_its_own_keys(byron: Byron, send: Post, client: Client) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    other = new_client(name="Another flow")[1]
    send("run-1")
    headers = {"X-API-Key": other, "Idempotency-Key": "run-1"}
    assert poster(client, other)(headers, auditId="another").status_code == 200


@pytest.mark.parametrize("key", ["x" * 201, "with space", "caf\u00e9"])
def test_a_key_that_cannot_be_kept_is_not_valid(byron: Byron, send: Post, key: str) -> None:
    answer = send(key)
    assert (answer.status_code, answer.json()["error"]) == (422, "VALIDATION_ERROR")
    assert answer.json()["details"][0]["field"] == "Idempotency-Key"
    assert SyncEvent.objects.get().outcome == Outcome.INVALID


def test_without_a_key_nothing_is_asked_of_the_keys(byron: Byron, post: Post) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    with CaptureQueriesContext(connection) as queries:
        assert post().json()["success"] is True
    assert not [query for query in queries if "sentkey" in query["sql"]]


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_with_the_same_key_one_is_stored(byron: Byron) -> None:
    for number in range(5):
        sent = Sent(f"key {number}", "the same body")

        def store(sent: Sent = sent) -> SyncEvent:
            return keep_other_event(
                client=byron.client, received_at=byron.client.created_at, payload="", sent=sent
            )

        answers = at_once(*[store] * 4)

        stored = {answer.pk for answer in answers if isinstance(answer, SyncEvent)}
        others = [answer for answer in answers if not isinstance(answer, SyncEvent)]
        assert len(stored) == 1
        assert all(isinstance(other, StillInProgress) for other in others), others
    assert SyncEvent.objects.filter(outcome=Outcome.NOT_AN_AUDIT).count() == 5
