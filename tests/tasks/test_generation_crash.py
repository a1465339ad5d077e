"""A process that is killed in the middle of a generation leaves nothing doubled or missing."""

import os
import signal
import subprocess
import sys
from datetime import date
from urllib.parse import quote

import pytest
from django.db import connection

from audit.chain import faults
from audit.models import AuditEvent
from tasks.models import Task, TaskEvent
from tasks.schedule import generate
from tasks.shifts import days
from tests.factories import TemplateFactory

pytestmark = pytest.mark.django_db(transaction=True)

# Every row is written, nothing is committed: the announcement comes last in the transaction.
GENERATION_THAT_STOPS_IN_THE_MIDDLE = """
import datetime, time, django
django.setup()
from tasks import schedule, shifts, signals

def stop(**_):
    print("in the middle", flush=True)
    time.sleep(60)

signals.tasks_generated.connect(stop)
schedule.generate(days=list(shifts.days(datetime.date(2026, 1, 26), 7)))
"""


def database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    host = quote(database["HOST"], safe="")
    return f"postgres://{database['USER']}:{database['PASSWORD']}@{host}/{database['NAME']}"


def test_a_killed_generation_leaves_nothing_doubled_or_missing() -> None:
    TemplateFactory.create_batch(3)
    process = subprocess.Popen(
        [sys.executable, "-c", GENERATION_THAT_STOPS_IN_THE_MIDDLE],
        env={**os.environ, "DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    with process.stdout as output:
        assert output.readline() == b"in the middle\n"
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    assert not Task.objects.exists()
    a_week = list(days(date(2026, 1, 26), 7))
    assert generate(days=a_week) == 21
    assert generate(days=a_week) == 0
    assert Task.objects.count() == TaskEvent.objects.count() == 21
    assert AuditEvent.objects.count() == 1
    assert list(faults()) == []
