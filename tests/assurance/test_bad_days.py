"""Redis away, the database away, a lock that is held: what callers then get."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, connections

from assurance.jobs import follow_up, process
from assurance.models import Outcome, SyncEvent
from tasks.models import Status, Task
from tests.assurance.posting import EVENT, OUT_OF_RANGE, WEBHOOK, Byron, post_to, send_to
from tests.factories import AuditTaskFactory
from tests.web_server import running_hub, running_worker
from wards import wake_up

pytestmark = pytest.mark.django_db(transaction=True)

Post = Callable[..., Any]


def test_without_redis_audits_are_received_at_once_and_followed_up_later(
    byron: Byron, tmp_path: Path
) -> None:
    tasks = [AuditTaskFactory.create(ward=byron.ward) for _ in range(3)]
    with running_hub(REDIS_URL=f"unix://{tmp_path / 'nobody.sock'}") as hub:
        began = time.monotonic()
        answers = [
            post_to(hub, byron.key, auditId=str(number), values=OUT_OF_RANGE)[0]
            for number in range(3)
        ]
        seconds = time.monotonic() - began
        stored = send_to(f"{hub}{WEBHOOK}", byron.key, EVENT)[0]

    assert answers == [200, 200, 200]
    assert stored == 202
    assert seconds < 3
    waiting = SyncEvent.objects.awaiting_follow_up()
    assert waiting.count() == 3
    for event in waiting:  # as the sweep does when Redis is back
        follow_up(event.pk)
    assert Task.objects.filter(follow_up_of__in=tasks).count() == 3
    process(SyncEvent.objects.waiting().get().pk)
    assert SyncEvent.objects.latest("pk").outcome == Outcome.ALREADY_COMPLETE


def test_a_redis_that_does_not_answer_slows_down_one_request_only(
    byron: Byron, unanswered_redis: str
) -> None:
    with running_hub(REDIS_URL=unanswered_redis) as hub:
        post_to(hub, byron.key)
        post_to(hub, byron.key)
        began = time.monotonic()
        statuses = {post_to(hub, byron.key)[0] for _ in range(20)}
        seconds = time.monotonic() - began
    assert statuses == {200}
    assert seconds < 4


@pytest.fixture
def unanswered_redis() -> Iterator[str]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


def test_with_redis_a_worker_follows_up_at_once(byron: Byron, hub: str) -> None:
    task = AuditTaskFactory.create(ward=byron.ward)
    with running_worker():
        assert post_to(hub, byron.key, values=OUT_OF_RANGE)[0] == 200
        deadline = time.monotonic() + 20
        while not Task.objects.filter(follow_up_of=task).exists():
            assert time.monotonic() < deadline, "the worker did not hear of it"
            time.sleep(0.1)


def test_without_the_database_callers_are_told_to_come_again(tmp_path: Path) -> None:
    nobody = f"postgres://hub@{quote(str(tmp_path), safe='')}/hub"
    with running_hub(DATABASE_URL=nobody) as hub:
        status, headers, body = post_to(hub, "hub_abcdefgh_" + "x" * 43)
    assert status == 503
    assert b"TEMPORARILY_UNAVAILABLE" in body
    assert int(headers["Retry-After"]) >= 1


@contextmanager
def everything_locked() -> Iterator[None]:
    """Hold, from another connection, what a writer needs; and make waiting for it short."""
    other = connections.create_connection("default")
    statements = {
        "sqlite": ("PRAGMA busy_timeout=100", "BEGIN IMMEDIATE"),
        "postgresql": ("SET lock_timeout='100ms'", "LOCK TABLE audit_chainhead"),
    }
    wait_briefly, lock = statements[connection.vendor]
    other.set_autocommit(connection.vendor == "sqlite")
    with connection.cursor() as ours, other.cursor() as theirs:
        ours.execute(wait_briefly)
        theirs.execute(lock)
    yield
    other.rollback() if connection.vendor == "postgresql" else other.cursor().execute("ROLLBACK")
    other.close()
    connection.close()


def test_a_lock_that_is_held_too_long_stores_nothing_half(byron: Byron, post: Post) -> None:
    task = AuditTaskFactory.create(ward=byron.ward)
    with everything_locked():
        response = post()
    assert (response.status_code, response.json()["error"]) == (503, "TEMPORARILY_UNAVAILABLE")
    assert response.headers["Retry-After"] == "5"
    task.refresh_from_db()
    assert task.status == Status.PENDING
    assert not SyncEvent.objects.exists()
    assert post().json()["success"] is True


def test_an_outage_is_forgotten_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    outage = wake_up.Outage()
    assert not outage.lasts
    monkeypatch.setattr(wake_up, "PAUSE", 0.05)
    outage.noticed()
    assert outage.lasts
    time.sleep(0.06)
    assert not outage.lasts
