"""What the visitor finds, whatever the hour at which the demo starts."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from assurance.models import SyncEvent
from audit.models import AuditEvent
from demo.people import VISITOR
from demo.seeding import seed
from demo.wards import BYRON, DICKINSON, SHELLEY
from demo.welcome import welcome
from tasks import diary, shifts
from tasks.diary import Column
from tasks.models import Kind, Shift, Status, Task, TaskEvent, TaskTemplate
from tests.demo.pasting import paste
from wards.actors import Source
from wards.models import Membership, User, Ward

pytestmark = pytest.mark.django_db


def column_on_duty(ward_name: str, now: datetime) -> Column:
    """Return the first column that the visitor sees."""
    ward = Ward.objects.get(name=ward_name)
    visitor = User.objects.get(name=VISITOR)
    day = diary.current_day(ward, now)
    first = diary.read(ward=ward, day=day, user=visitor, now=now).columns[0]
    assert first.is_current
    return first


def tasks_on_duty(ward_name: str, now: datetime) -> list[Task]:
    """Return the tasks due in the shift that is on duty."""
    ward = Ward.objects.get(name=ward_name)
    on_duty = shifts.current_shift(ward, now)
    due = Task.objects.filter(ward=ward, due_on=on_duty.day, shift=on_duty.shift)
    return list(due.select_related("claimed_by"))


def window_of(task: Task, ward: Ward) -> shifts.Window:
    return shifts.window(ward, task.due_on, Shift(task.shift))


@pytest.mark.parametrize("ward", [BYRON, SHELLEY])
def test_two_audits_are_to_do(at_any_hour: datetime, ward: str) -> None:
    audits = [task for task in tasks_on_duty(ward, at_any_hour) if task.audit_type]
    assert len([task for task in audits if task.is_open]) >= 2


@pytest.mark.parametrize("ward", [BYRON, DICKINSON])
def test_colleagues_are_at_work(at_any_hour: datetime, ward: str) -> None:
    tasks = tasks_on_duty(ward, at_any_hour)
    begun = [task for task in tasks if task.status == Status.IN_PROGRESS]
    claimed = [task for task in tasks if task.status == Status.PENDING and task.claimed_by]
    assert begun
    assert claimed
    assert all(task.claimed_by and task.claimed_by.name != VISITOR for task in [*begun, *claimed])


@pytest.mark.parametrize("ward", [BYRON, DICKINSON])
def test_something_is_carried_over_and_overdue(at_any_hour: datetime, ward: str) -> None:
    cards = column_on_duty(ward, at_any_hour).open
    marks = [mark.text for card in cards for mark in card.marks]
    assert 1 <= len([card for card in cards if card.is_overdue]) <= 3
    assert any("arried over" in mark for mark in marks)


def test_the_shifts_before_are_mostly_done(at_any_hour: datetime) -> None:
    for ward in Ward.objects.all():
        due = Task.objects.of_kind(Kind.WARD).filter(ward=ward, due_on__lte=at_any_hour.date())
        over = [task for task in due if window_of(task, ward).end <= at_any_hour]
        assert len([task for task in over if task.is_open]) <= len(over) * 0.1


def test_the_shifts_to_come_are_untouched(at_any_hour: datetime) -> None:
    for task in Task.objects.of_kind(Kind.WARD).exclude(version=1).select_related("ward"):
        assert window_of(task, task.ward).start <= at_any_hour


def test_the_line_completes_the_task_that_it_names(at_any_hour: datetime, client: Client) -> None:
    text = welcome()
    answer = paste(client, text)
    assert answer["success"] is True
    assert answer["message"] == "Task marked complete"
    assert answer["completedBy"] == "Sarah Johnson"
    assert f"completes {answer['taskId']}, " in text
    task = Task.objects.with_public_id(str(answer["taskId"])).get()
    assert (task.status, task.completed_at) == (Status.COMPLETED, at_any_hour)
    assert task.events.filter(source=Source.SYNC, by_name="Sarah Johnson").exists()


def test_seeding_again_changes_nothing(at_any_hour: datetime) -> None:
    before = everything()
    with time_machine.travel(at_any_hour + timedelta(minutes=1), tick=False):
        assert seed(days_back=2) is False
    assert everything() == before


def everything() -> list[object]:
    """Return all that matters of all rows."""
    return [
        list(Task.objects.order_by("pk").values()),
        list(TaskEvent.objects.order_by("pk").values()),
        list(SyncEvent.objects.order_by("pk").values()),
        list(Membership.objects.order_by("pk").values()),
        TaskTemplate.objects.count(),
        AuditEvent.objects.count(),
    ]
