"""Whatever happens, in whatever order or at once: each duty of a legal status stands once."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.chain import faults
from tasks import actions
from tasks.legal_status import SECTIONS
from tasks.legal_work import keep_all_up
from tasks.models import LegalWorkSettings, Status, Task, TaskEvent
from tests.factories import WardFactory, member_of
from tests.tasks.patients import CLERK, detained_on
from tests.tasks.test_generation_crash import database_url
from tests.tasks.test_legal_work import TEN, THREE, TODAY, TWO, edit, fresh
from tests.tasks.test_patient_work import discharge_of
from tests.threads import at_once
from wards import admissions, discharges, moves
from wards.actors import person
from wards.models import LegalStatus, Role, Stay, Ward

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_third_of_november() -> Any:
    with time_machine.travel(TEN, tick=False):
        yield


@pytest.fixture
def byron() -> Ward:
    return WardFactory.create(name="Byron")


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("section"),
            st.sampled_from([LegalStatus.INFORMAL, TWO, THREE, LegalStatus.SECTION_5_2]),
            st.integers(0, 3),
        ),
        st.tuples(st.sampled_from(["complete", "undo", "night", "transfer", "times"])),
    ),
    max_size=12,
)


@settings(max_examples=15)
@given(steps=STEPS)
def test_whatever_happens_no_duty_stands_twice_and_none_after_the_discharge(
    steps: list[tuple[Any, ...]],
) -> None:
    with transaction.atomic():
        wards = WardFactory.create_batch(2)
        stay = detained_on(wards[0], TWO, TODAY)
        for day, step in enumerate(steps):
            with time_machine.travel(TEN + timedelta(days=day), tick=False):
                _take(step, stay, wards)
                _check(stay)
        end = _discharged(stay)
        keep_all_up()
        assert not end.is_open
        assert not Task.objects.open().filter(stay=stay).exists()
        transaction.set_rollback(True)


def _take(step: tuple[Any, ...], stay: Stay, wards: list[Ward]) -> None:
    now, tasks = fresh(stay), Task.objects.filter(stay=stay).order_by("-pk")
    match step:
        case ("section", status, days):
            since = None if status == "informal" else TODAY - timedelta(days=days)
            edit(stay, status, since)
        case ("complete",):
            for task in tasks.open()[:1]:
                actions.complete(task=task, by=CLERK)
        case ("undo",):
            for task in tasks.filter(status=Status.COMPLETED, ward=now.ward)[:1]:
                actions.reopen(task=task, by=CLERK)
        case ("transfer",):
            moves.transfer(stay=now, to=next(ward for ward in wards if ward != now.ward), by=CLERK)
        case ("times",):
            LegalWorkSettings.objects.update_or_create(
                ward=now.ward, defaults={"between_explanations": 3, "before_end_of_days": 20}
            )
    keep_all_up()


def _check(stay: Stay) -> None:
    now = fresh(stay)
    left = list(Task.objects.open().filter(stay=stay))
    assert len({task.occasion.split()[0] for task in left}) == len(left)
    assert {task.ward for task in left} <= {now.ward}
    for task in left:
        assert task.occasion.split()[1] == now.legal_status
        section = SECTIONS[LegalStatus(now.legal_status)]
        ends = section.lasts.ends(datetime.combine(now.legal_status_since or TODAY, TEN.timetz()))
        assert ends is None or task.due_on <= ends.date()


def _discharged(stay: Stay) -> Stay:
    now = fresh(stay)
    manager = member_of(now.ward, role=Role.WARD_ADMIN)
    discharge = discharge_of(now, member_of(now.ward))
    return discharges.confirm(discharge=discharge, by=person(manager))


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_runs_and_an_edit_make_each_task_once(self, byron: Ward) -> None:
        stays = [detained_on(byron, TWO, TODAY) for _ in range(3)]
        TaskEvent.objects.all().delete()
        Task.objects.all().delete()
        calls: list[Callable[[], object]] = [
            *[keep_all_up] * 3,
            partial(
                admissions.edit,
                stay=fresh(stays[0]),
                by=CLERK,
                legal_status=THREE,
                legal_status_since=TODAY,
            ),
        ]
        assert not [result for result in at_once(*calls) if isinstance(result, Exception)]
        live = sorted(
            (task.stay_id, task.occasion.split()[0], task.occasion.split()[1])
            for task in Task.objects.open()
        )
        assert live == sorted(
            (stay.pk, name, "3" if stay == stays[0] else "2")
            for stay in stays
            for name in ("expiry", "rights")
        )
        assert list(faults()) == []

    @pytest.mark.parametrize("round_", range(3))
    def test_runs_and_a_discharge_leave_nothing_to_do(self, byron: Ward, round_: int) -> None:
        stay = detained_on(byron, TWO, TODAY)
        discharge = discharge_of(fresh(stay), member_of(byron))
        manager = person(member_of(byron, role=Role.WARD_ADMIN))
        TaskEvent.objects.all().delete()
        Task.objects.all().delete()
        calls: list[Callable[[], object]] = [
            *[keep_all_up] * 2,
            partial(discharges.confirm, discharge=discharge, by=manager),
        ]
        assert not [result for result in at_once(*calls) if isinstance(result, Exception)]
        assert not Task.objects.open().exists()


RUN_THAT_STOPS_IN_THE_MIDDLE = """
import time, django
django.setup()
from tasks import legal_work

def stop(**_):
    print("in the middle", flush=True)
    time.sleep(60)

legal_work.record = stop  # the last thing in the transaction
legal_work.keep_all_up()
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_run_leaves_nothing_doubled_or_missing(byron: Ward) -> None:
    detained_on(byron, TWO, TODAY)
    TaskEvent.objects.all().delete()
    Task.objects.all().delete()
    process = subprocess.Popen(
        [sys.executable, "-c", RUN_THAT_STOPS_IN_THE_MIDDLE],
        env={**os.environ, "DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    with process.stdout as output:
        assert output.readline() == b"in the middle\n"
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    assert not Task.objects.exists()
    keep_all_up()
    keep_all_up()
    assert Task.objects.count() == TaskEvent.objects.count() == 2
    assert list(faults()) == []
