"""The dashboard's own payload: stored, answered, processed by a job, and its outcome told."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from assurance import jobs
from assurance.models import Outcome, SyncEvent
from audit.models import AuditEvent
from tasks.models import AuditType, Status, TaskEvent
from tests.assurance.posting import (
    AUDIT,
    EVENT,
    OUT_OF_RANGE,
    WEBHOOK,
    Byron,
    event_poster,
    new_client,
)
from tests.factories import AuditTaskFactory, member_of

pytestmark = pytest.mark.django_db

Post = Callable[..., Any]


@pytest.fixture
def get(client: Client, byron: Byron) -> Callable[[str], Any]:
    def get(address: str) -> Any:
        return client.get(address, headers={"X-API-Key": byron.key})

    return get


def process_all() -> None:
    """Do what the worker does when it is woken."""
    for pk in SyncEvent.objects.waiting().order_by("pk").values_list("pk", flat=True):
        jobs.process(pk)


def test_the_guides_payload_completes_its_task(byron: Byron, client: Client, get: Any) -> None:
    byron.sarah.email, byron.sarah.staff_id = "sarah.johnson@nhs.net", "NHS123456"
    byron.sarah.save()
    task = AuditTaskFactory.create(ward=byron.ward)

    answer = client.post(
        "/api/assurance/webhook",
        EVENT,
        content_type="application/json",
        headers={"X-API-Key": byron.key},
    )

    assert answer.status_code == 202
    event_id = answer.json()["eventId"]
    assert answer.json() == {"eventId": event_id, "status": "received"}
    assert answer.headers["Location"] == f"/api/assurance/events/{event_id}"
    told = get(answer.headers["Location"]).json()
    assert (told["status"], told["result"]) == ("received", None)
    task.refresh_from_db()
    assert task.status == Status.PENDING

    process_all()

    told = get(answer.headers["Location"]).json()
    assert (told["eventId"], told["status"]) == (event_id, "processed")
    assert told["result"]["success"] is True
    assert told["result"]["taskId"] == task.public_id
    task.refresh_from_db()
    assert (task.status, task.completed_by) == (Status.COMPLETED, byron.sarah)
    assert SyncEvent.objects.get().payload == json.dumps(EVENT)


def test_it_is_in_the_audit_log_when_it_comes_and_when_it_is_processed(
    byron: Byron, post_event: Post
) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    post_event()
    process_all()
    log = AuditEvent.objects.filter(action="audit.receive").order_by("sequence")
    assert [event.detail["outcome"] for event in log] == ["received", "completed"]


def test_staff_id_and_address_are_used_for_matching(byron: Byron, post_event: Post) -> None:
    meant = member_of(byron.ward, name="Percy Reed", staff_id="NHS123456")
    AuditTaskFactory.create(ward=byron.ward)
    post_event()
    process_all()
    assert SyncEvent.objects.get().person == meant


@pytest.mark.parametrize(
    "completed_by",
    [{"name": "Sarah Johnson"}, {"name": "Sarah Johnson", "email": None, "staffId": " "}],
)
def test_a_name_alone_is_enough(
    byron: Byron, post_event: Post, completed_by: dict[str, Any]
) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    assert post_event(completedBy=completed_by).status_code == 202
    process_all()
    assert SyncEvent.objects.get().person == byron.sarah


def test_the_same_audit_by_sync_and_by_webhook_is_one_audit(
    byron: Byron, post: Post, post_event: Post, get: Any
) -> None:
    for _ in range(2):
        AuditTaskFactory.create(ward=byron.ward)
    synced = post(values=EVENT["audit"]["values"]).json()

    answer = post_event()

    assert answer.json()["status"] == "processed"
    assert get(answer.headers["Location"]).json()["result"] == synced
    assert TaskEvent.objects.filter(action="complete").count() == 1
    outcomes = SyncEvent.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == [Outcome.COMPLETED, Outcome.REPEATED]


def test_a_sync_of_an_audit_that_waits_processes_it_at_once(
    byron: Byron, post: Post, post_event: Post, get: Any
) -> None:
    task = AuditTaskFactory.create(ward=byron.ward)
    location = post_event().headers["Location"]

    synced = post().json()

    assert (synced["success"], synced["taskId"]) == (True, task.public_id)
    assert get(location).json()["result"] == synced
    process_all()
    assert TaskEvent.objects.filter(action="complete").count() == 1


def test_the_same_event_again_is_the_same_event(byron: Byron, post_event: Post) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    answers = [post_event().json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    process_all()
    assert TaskEvent.objects.filter(action="complete").count() == 1
    assert SyncEvent.objects.count() == 3


def test_a_failure_is_told_as_sync_tells_it(post_event: Post, get: Any) -> None:
    location = post_event(ward="Keats").headers["Location"]
    process_all()
    assert get(location).json()["result"]["error"] == "WARD_MISMATCH"


def test_a_value_out_of_range_is_followed_up(byron: Byron, post_event: Post) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    post_event(values=OUT_OF_RANGE)
    process_all()
    assert SyncEvent.objects.awaiting_follow_up().count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {"eventType": "AUDIT_STARTED", "audit": 7},
        {"eventType": "audit_completed"},
        {"eventType": "ward.renamed", "anything": [{"at": "all"}]},
    ],
)
def test_an_unknown_type_of_event_is_kept_and_answered(
    client: Client, byron: Byron, get: Any, body: dict[str, Any]
) -> None:
    answer = client.post(
        WEBHOOK, body, content_type="application/json", headers={"X-API-Key": byron.key}
    )
    assert answer.status_code == 202
    assert answer.json()["status"] == "kept"
    event = SyncEvent.objects.get()
    assert (event.outcome, event.payload) == (Outcome.NOT_AN_AUDIT, json.dumps(body))
    told = get(answer.headers["Location"]).json()
    assert (told["status"], told["result"]) == ("kept", None)
    assert AuditEvent.objects.filter(action="audit.receive").exists()


def without(*path: str) -> dict[str, Any]:
    """Return the example event without one of its fields."""
    event: dict[str, Any] = json.loads(json.dumps(EVENT))
    place = event
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    return event


def changed(**changes: Any) -> dict[str, Any]:
    return {**EVENT, "audit": {**EVENT["audit"], **changes}}


BAD_BODIES: dict[str, tuple[Any, str]] = {
    "no type": (without("eventType"), "eventType"),
    "blank type": ({**EVENT, "eventType": " "}, "eventType"),
    "no audit": (without("audit"), "audit"),
    "no id": (without("audit", "id"), "audit.id"),
    "no ward": (without("audit", "ward"), "audit.ward"),
    "no name": (without("audit", "completedBy", "name"), "audit.completedBy.name"),
    "a name alone, not in an object": (changed(completedBy="Sarah"), "audit.completedBy"),
    "unknown audit type": (changed(type="tea"), "audit.type"),
    "time without offset": (changed(completedAt="2026-01-27T08:14:32"), "audit.completedAt"),
    "time in the future": (changed(completedAt="2126-01-27T08:14:32Z"), "audit.completedAt"),
    "values in a list": (changed(values=[4.2]), "audit.values"),
    "the contract's own body": (AUDIT, "eventType"),
    "a list": ([EVENT], "body"),
}


@pytest.mark.parametrize(("body", "field"), BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_malformed_event_is_refused_with_the_field_named(
    client: Client, byron: Byron, body: Any, field: str
) -> None:
    answer = client.post(
        WEBHOOK, body, content_type="application/json", headers={"X-API-Key": byron.key}
    )
    assert (answer.status_code, answer.json()["error"]) == (422, "VALIDATION_ERROR")
    assert field in [detail["field"] for detail in answer.json()["details"]]
    assert SyncEvent.objects.get().outcome == Outcome.INVALID


def test_what_the_dashboard_adds_to_its_message_does_no_harm(post_event: Post) -> None:
    assert post_event(location="Clinic room", signature={"by": "Ann"}).status_code == 202


def test_without_a_key_nothing_is_stored_and_nothing_told(client: Client, post_event: Post) -> None:
    location = post_event().headers["Location"]
    assert client.post(WEBHOOK, EVENT, content_type="application/json").status_code == 401
    assert client.get(location).status_code == 401
    assert SyncEvent.objects.count() == 1


def test_nobody_is_told_of_anothers_events(client: Client, post_event: Post) -> None:
    location = post_event().headers["Location"]
    stranger = new_client(name="Another flow")[1]
    answer = client.get(location, headers={"X-API-Key": stranger})
    assert (answer.status_code, answer.json()["error"]) == (404, "NOT_FOUND")


def test_the_same_audit_of_another_client_is_another_event(
    client: Client, post_event: Post
) -> None:
    other = event_poster(client, new_client(name="Another flow")[1])
    assert post_event().json()["eventId"] != other().json()["eventId"]


@pytest.mark.parametrize("door", ["webhook", "events"])
def test_the_address_and_the_number_of_calls_are_checked_at_every_door(
    byron: Byron, post_event: Post, get: Any, settings: Settings, door: str
) -> None:
    location = post_event().headers["Location"]

    def knock() -> Any:
        return post_event() if door == "webhook" else get(location)

    byron.client.allowed_networks = "10.0.0.0/8"
    byron.client.save()
    assert knock().json()["error"] == "SOURCE_NOT_ALLOWED"
    assert SyncEvent.objects.latest("pk").outcome == Outcome.SOURCE_NOT_ALLOWED

    byron.client.allowed_networks = ""
    byron.client.save()
    settings.HUB_SYNC_RATE_LIMIT = "1/hour"
    knock()
    refused = knock()
    assert refused.json()["error"] == "RATE_LIMITED"
    assert int(refused.headers["Retry-After"]) >= 1


def test_the_sweep_finds_what_was_stored_but_never_processed(
    byron: Byron, post_event: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process died after the commit, before the worker was woken."""
    task = AuditTaskFactory.create(ward=byron.ward, audit_type=AuditType.FRIDGE_TEMPS)
    post_event()
    event = SyncEvent.objects.get()
    monkeypatch.setattr(jobs.process, "delay", jobs.process)

    jobs.sweep()
    event.refresh_from_db()
    assert event.outcome == Outcome.RECEIVED  # the wake-up still has its minute

    with time_machine.travel(event.received_at.timestamp() + 61):
        jobs.sweep()
    event.refresh_from_db()
    task.refresh_from_db()
    assert (event.outcome, task.status) == (Outcome.COMPLETED, Status.COMPLETED)


def test_a_job_that_comes_twice_does_its_work_once(byron: Byron, post_event: Post) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    post_event()
    event = SyncEvent.objects.get()
    for _ in range(2):
        jobs.process(event.pk)
    assert TaskEvent.objects.filter(action="complete").count() == 1


@pytest.mark.parametrize("tier", ["light", "medium", "max"])
def test_in_other_tiers_there_is_no_such_door_and_no_job(
    client: Client, post_event: Post, settings: Settings, tier: str
) -> None:
    location = post_event().headers["Location"]
    settings.HUB_TIER = tier
    process_all()
    assert SyncEvent.objects.get().outcome == Outcome.RECEIVED
    for answer in (post_event(), client.get(location)):
        assert (answer.status_code, answer.json()["error"]) == (404, "NOT_FOUND")
