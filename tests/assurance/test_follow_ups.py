"""What an audit sets off: alerts, and one urgent task for a value out of range."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from assurance.jobs import deliver_alerts, follow_up, sweep
from assurance.models import SyncEvent
from audit.models import AuditEvent
from inpatient_hub import celery_app
from tasks.actions import complete
from tasks.models import Priority, Shift, Task, TaskEvent
from tests.assurance.posting import OUT_OF_RANGE, Byron
from tests.factories import AuditTaskFactory, GuideFactory, completed, member_of, senior_admin
from wards.actors import person
from wards.models import Role

pytestmark = pytest.mark.django_db

Post = Callable[..., Any]

AFTERNOON = datetime(2026, 1, 27, 15, 0, tzinfo=UTC)


@pytest.fixture
def task(byron: Byron) -> Task:
    return AuditTaskFactory.create(ward=byron.ward, guide=GuideFactory.create())


@pytest.fixture
def _jobs_run_at_once() -> Iterator[None]:
    celery_app.conf.task_always_eager = True
    yield
    celery_app.conf.task_always_eager = False


def out_of_range(post: Post, **changes: Any) -> SyncEvent:
    assert post(values=OUT_OF_RANGE, **changes).json()["success"] is True
    return SyncEvent.objects.get()


def test_a_value_out_of_range_gives_one_urgent_task_with_the_guide(task: Task, post: Post) -> None:
    event = out_of_range(post)
    with time_machine.travel(AFTERNOON):
        follow_up(event.pk)
        follow_up(event.pk)

    urgent = Task.objects.get(follow_up_of=task)
    assert urgent.title == "Act on fridge temperature out of range"
    assert urgent.instructions == "The audit found: Current temp 11.5."
    assert (urgent.priority, urgent.guide, urgent.carry_over) == (Priority.URGENT, task.guide, True)
    assert (urgent.due_on, urgent.shift) == (date(2026, 1, 27), Shift.LATE)
    assert TaskEvent.objects.get(task=urgent).action == "create"
    assert AuditEvent.objects.filter(action="task.create", object_id=urgent.public_id).exists()
    event.refresh_from_db()
    assert event.followed_up_at is not None


def test_ward_admins_hear_of_it_by_mail_without_free_text(
    byron: Byron, task: Task, post: Post
) -> None:
    member_of(byron.ward, role=Role.WARD_ADMIN, email="manager@example.nhs.uk")
    senior_admin(email="senior@example.nhs.uk")
    assert post(values={**OUT_OF_RANGE, "notes": "Mr Smith opened it"}).status_code == 200
    follow_up(SyncEvent.objects.get().pk)
    deliver_alerts()

    [message] = mail.outbox
    assert message.to == ["manager@example.nhs.uk"]
    assert message.subject == "[Inpatient Hub] Byron: fridge temperature out of range"
    assert "Current temp 11.5" in message.body
    assert "Smith" not in message.body
    assert Task.objects.get(follow_up_of=task).get_absolute_url() in message.body


def test_a_ward_without_admins_has_the_senior_admins(task: Task, post: Post) -> None:
    senior_admin(email="senior@example.nhs.uk")
    follow_up(out_of_range(post).pk)
    deliver_alerts()
    assert mail.outbox[0].to == ["senior@example.nhs.uk"]


def test_an_audit_completed_by_hand_before_is_followed_up_as_well(
    byron: Byron, task: Task, post: Post
) -> None:
    completed(task, byron.sarah)
    follow_up(out_of_range(post).pk)
    assert Task.objects.filter(follow_up_of=task).count() == 1


def test_a_worse_audit_after_the_follow_up_was_done_gives_another(
    task: Task, post: Post, byron: Byron
) -> None:
    post(values=OUT_OF_RANGE, auditId="a")
    follow_up(SyncEvent.objects.get(audit_id="a").pk)
    first = Task.objects.get(follow_up_of=task)
    complete(task=first, by=person(member_of(byron.ward)))
    post(values=OUT_OF_RANGE, auditId="b")
    for _ in range(2):
        follow_up(SyncEvent.objects.get(audit_id="b").pk)
    assert Task.objects.filter(follow_up_of=task).exclude(pk=first.pk).count() == 1


def test_a_second_audit_while_the_follow_up_is_open_gives_no_second(task: Task, post: Post) -> None:
    for audit_id in ("a", "b"):
        post(values=OUT_OF_RANGE, auditId=audit_id)
    for event in SyncEvent.objects.all():
        follow_up(event.pk)
    assert Task.objects.filter(follow_up_of=task).count() == 1


def test_refused_access_is_told_to_the_senior_admins(byron: Byron, post: Post) -> None:
    member_of(byron.ward, role=Role.WARD_ADMIN)
    senior_admin(email="senior@example.nhs.uk")
    post(completedBy="Nobody Known")
    follow_up(SyncEvent.objects.get().pk)
    deliver_alerts()

    [message] = mail.outbox
    assert message.to == ["senior@example.nhs.uk"]
    assert "Nobody of this name has access to the ward." in message.body
    assert "Nobody Known" not in message.body


def test_what_needs_no_follow_up_starts_none(
    task: Task, post: Post, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as wake_ups:
        post()
    assert wake_ups == []
    follow_up(SyncEvent.objects.get().pk)
    assert not Task.objects.filter(follow_up_of=task).exists()


def test_a_job_whose_event_is_gone_is_quiet() -> None:
    follow_up(0)


def test_in_other_tiers_jobs_do_nothing(task: Task, post: Post, settings: Settings) -> None:
    event = out_of_range(post)
    settings.HUB_TIER = "max"
    follow_up(event.pk)
    sweep()
    assert not Task.objects.filter(follow_up_of=task).exists()


@pytest.mark.usefixtures("_jobs_run_at_once")
def test_the_sweep_does_what_lost_wake_ups_left(byron: Byron, task: Task, post: Post) -> None:
    event = out_of_range(post)
    with time_machine.travel(timezone.now() + timedelta(seconds=30)):
        sweep()
    assert not Task.objects.filter(follow_up_of=task).exists()  # its wake-up may be on its way

    with time_machine.travel(timezone.now() + timedelta(seconds=90)):
        sweep()
    assert Task.objects.filter(follow_up_of=task).count() == 1
    event.refresh_from_db()
    assert event.followed_up_at is not None


@pytest.mark.usefixtures("_jobs_run_at_once")
def test_the_sweep_matches_kept_audits(byron: Byron, post: Post) -> None:
    with time_machine.travel(datetime(2026, 1, 27, 8, 20, tzinfo=UTC)):
        post()
        task = AuditTaskFactory.create(ward=byron.ward)
        sweep()
    task.refresh_from_db()
    assert task.status == "completed"
