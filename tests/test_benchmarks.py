"""The benchmarks' own environment is one in which the product starts."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assurance.models import ApiClient, SyncEvent
from audit.chain import faults
from audit.models import AuditEvent
from benchmarks import bare
from benchmarks.bench import ENVIRONMENT
from benchmarks.past import live, pages_of, signed_in_nurse
from tasks.models import Task, TaskEvent
from tests.assurance.posting import AUDIT, new_client, poster
from tests.factories import AuditTaskFactory, WardFactory, member_of
from tests.web_server import REPOSITORY, database_url


def test_the_product_starts_in_the_environment_of_the_benchmarks(tmp_path: Path) -> None:
    others = {name: text for name, text in os.environ.items() if not name.startswith("HUB_")}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=REPOSITORY,
        env={**others, **ENVIRONMENT, "HUB_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="measured on PostgreSQL alone")
def test_each_page_that_is_measured_is_there_once_for_each_ward(client: Client) -> None:
    trust = live(wards=2, days=2)
    client.cookies["sessionid"] = signed_in_nurse(trust, wards=2)
    for name, paths in pages_of(trust, wards=2).items():
        assert [client.get(path).status_code for path in paths] == [200, 200], name


def in_short(statements: Iterable[str]) -> list[tuple[str, str]]:
    """Return what each statement does, and to which table; what holds a transaction is left out."""
    shape = re.compile(r'\s*(SELECT|INSERT|UPDATE)\b(?:.*?\b(?:FROM|INTO)|) "?([a-z_]+)', re.DOTALL)
    return [found.groups() for text in statements if (found := shape.match(text))]  # type: ignore[misc]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="measured on PostgreSQL alone")
def test_the_bare_loop_does_what_the_endpoint_does_with_the_same_statements(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward = WardFactory.create(name="Byron")
    member_of(ward, name="Sarah Johnson")
    _, key = new_client()
    first, second = AuditTaskFactory.create_batch(2, ward=ward)
    by_us, by_the_loop = ({**AUDIT, "auditId": f"audit-{task.pk}"} for task in (first, second))
    ApiClient.objects.update(last_used_at=timezone.now())  # that is noted once a minute
    with CaptureQueriesContext(connection) as sent:
        assert poster(client, key)(**by_us).json()["success"]
    assert in_short(bare.STATEMENTS) == in_short(one["sql"] for one in sent)

    monkeypatch.setenv("DATABASE_URL", database_url())
    assert bare.Loop(key).receive(by_the_loop) > 0
    assert not list(faults())
    ours, theirs = (_what_is_left_of(task) for task in (first, second))
    assert ours == theirs


def _what_is_left_of(task: Task) -> list[dict[str, Any]]:
    """Return the rows that an audit of `task` left, but for their numbers and moments."""
    rows = [
        *Task.objects.filter(pk=task.pk).values(),
        *TaskEvent.objects.filter(task=task).values(),
        *SyncEvent.objects.filter(task=task).values(),
        *AuditEvent.objects.filter(object_id=task.public_id).values(),
        *AuditEvent.objects.filter(detail__task=task.public_id).values("actor_name", "action"),
    ]
    own = ("id", "audit_id", "task_id", "task_public_id", "object_id", "sequence", "detail", "seal")
    moments = ("received_at", "synced_at", "request_id", "public_id", "payload", "title")
    return [
        {name: value for name, value in row.items() if name not in (*own, *moments)} for row in rows
    ]
