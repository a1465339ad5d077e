"""Many requests at once, by real threads, against a real server process."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from email.message import Message
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper

from assurance.models import Outcome, SyncEvent
from assurance.sent_keys import StillInProgress
from assurance.sync import keep, process_waiting, receive
from audit.models import AuditEvent
from tasks.actions import TaskChanged, complete
from tasks.models import Status, Task, TaskEvent
from tests.assurance.posting import WEBHOOK, Byron, completed_audit, post_to, send_to
from tests.factories import TODAY, AuditTaskFactory
from tests.threads import at_once, wait_long_for_locks
from wards.actors import person

pytestmark = pytest.mark.django_db(transaction=True)

Post = Callable[..., Any]


def test_the_same_audit_50_times_at_once_completes_once(byron: Byron, hub: str) -> None:
    task = AuditTaskFactory.create(ward=byron.ward)
    AuditTaskFactory.create(ward=byron.ward)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: post_to(hub, byron.key), range(50)))

    assert {status for status, _, _ in answers} <= {200, 503}
    assert all(headers["Retry-After"] for status, headers, _ in answers if status == 503)
    told = [body for status, _, body in [*answers, post_to(hub, byron.key)] if status == 200]
    assert len(set(told)) == 1
    assert TaskEvent.objects.filter(action="complete").count() == 1
    assert Task.objects.get(status=Status.COMPLETED) == task
    recorded = SyncEvent.objects.exclude(outcome=Outcome.IN_PROGRESS).order_by("outcome")
    outcomes = list(recorded.values_list("outcome", flat=True))
    assert outcomes == [Outcome.COMPLETED, *[Outcome.REPEATED] * (len(told) - 1)]
    assert SyncEvent.objects.count() == 51
    assert AuditEvent.objects.filter(action="task.complete").count() == 1


def test_the_same_key_20_times_at_once_is_one_event(byron: Byron, hub: str) -> None:
    def send(_: int) -> tuple[int, Message, bytes]:
        body = {"eventType": "PING"}
        return send_to(f"{hub}{WEBHOOK}", byron.key, body, **{"Idempotency-Key": "run-1"})

    with ThreadPoolExecutor(8) as threads:
        answers = [*threads.map(send, range(20)), send(20)]

    assert {status for status, _, _ in answers} <= {202, 503}
    assert len({body for status, _, body in answers if status == 202}) == 1
    assert SyncEvent.objects.filter(outcome=Outcome.NOT_AN_AUDIT).count() == 1
    assert SyncEvent.objects.count() == 21


def test_many_audits_at_once_complete_one_task_each(byron: Byron, hub: str) -> None:
    for _ in range(20):
        AuditTaskFactory.create(ward=byron.ward)

    def post(number: int) -> bytes:
        return post_to(hub, byron.key, auditId=f"audit-{number}")[2]

    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(post, range(20)))

    assert len(answers) == 20
    assert Task.objects.filter(status=Status.COMPLETED).count() == 20


@contextmanager
def first_attempt_held_up(byron: Byron) -> Iterator["Future[SyncEvent]"]:
    """Receive the example audit; hold that up, until the block ends, when it is nearly done."""
    audit = completed_audit()

    def first() -> SyncEvent:
        try:
            wait_long_for_locks()
            return receive(audit=audit, client=byron.client, received_at=audit.completed_at)
        finally:
            connections.close_all()

    other = connections.create_connection("default")
    other.set_autocommit(False)
    with ThreadPoolExecutor(1) as threads, closing(other), other.cursor() as cursor:
        cursor.execute("LOCK TABLE audit_chainhead")
        attempt = threads.submit(first)
        while not _somebody_waits_for_the_chain(cursor):
            assert not attempt.done()
        yield attempt
        other.rollback()


def _somebody_waits_for_the_chain(cursor: CursorWrapper) -> bool:
    cursor.execute(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
        "WHERE NOT granted AND datname = current_database() "
        "AND relation = 'audit_chainhead'::regclass"
    )
    return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("door", "again"),
    [("sync", Outcome.REPEATED), ("webhook", Outcome.CORRECTED)],  # the webhook brings more values
)
def test_an_attempt_while_the_first_is_in_progress_is_told_to_come_again(
    byron: Byron, post: Post, post_event: Post, door: str, again: Outcome
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    AuditTaskFactory.create(ward=byron.ward)
    send = post if door == "sync" else post_event

    with first_attempt_held_up(byron) as first:
        early = send()

    assert (early.status_code, early.json()["error"]) == (503, "TEMPORARILY_UNAVAILABLE")
    assert int(early.headers["Retry-After"]) >= 1
    assert first.result().outcome == Outcome.COMPLETED
    assert send().status_code in (200, 202)
    outcomes = sorted(SyncEvent.objects.values_list("outcome", flat=True))
    assert outcomes == sorted([Outcome.COMPLETED, Outcome.IN_PROGRESS, again])


def test_workers_and_a_sync_at_once_process_a_stored_event_once(byron: Byron) -> None:
    for number in range(5):
        AuditTaskFactory.create(ward=byron.ward)
        audit = completed_audit(audit_id=str(number))
        stored = keep(audit=audit, client=byron.client, received_at=audit.completed_at, payload="")
        answers = at_once(
            *[partial(process_waiting, event_id=stored.pk)] * 3,
            partial(receive, audit=audit, client=byron.client, received_at=audit.completed_at),
        )
        for answer in answers:
            assert answer is None or isinstance(answer, SyncEvent | StillInProgress), answer
        stored.refresh_from_db()
        assert stored.outcome == Outcome.COMPLETED
        assert TaskEvent.objects.filter(action="complete").count() == number + 1


def test_a_nurse_and_an_audit_at_once_complete_the_task_once(byron: Byron) -> None:
    for number in range(10):
        task = AuditTaskFactory.create(ward=byron.ward)
        audit = completed_audit(audit_id=str(number))
        nurse, event = at_once(
            partial(complete, task=Task.objects.get(pk=task.pk), by=person(byron.sarah)),
            partial(receive, audit=audit, client=byron.client, received_at=audit.completed_at),
        )
        assert isinstance(event, SyncEvent), event
        assert isinstance(nurse, Task | TaskChanged)
        by_hand = isinstance(nurse, Task)
        assert event.outcome == (Outcome.ALREADY_COMPLETE if by_hand else Outcome.COMPLETED)
        assert TaskEvent.objects.filter(task=task, action="complete").count() == 1
        Task.objects.all().delete()


def test_two_clients_may_not_complete_one_task_twice(byron: Byron) -> None:
    task = AuditTaskFactory.create(ward=byron.ward, due_on=TODAY)
    calls = [
        partial(
            receive,
            audit=completed_audit(audit_id=str(number)),
            client=byron.client,
            received_at=completed_audit().completed_at,
        )
        for number in range(4)
    ]
    outcomes = sorted(event.outcome for event in at_once(*calls) if isinstance(event, SyncEvent))
    assert outcomes == [*[Outcome.ALREADY_COMPLETE] * 3, Outcome.COMPLETED]
    assert TaskEvent.objects.filter(task=task, action="complete").count() == 1
