"""An audit that found no task is kept, and matched again when there may be one."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from assurance.jobs import match_kept_audits
from assurance.models import Outcome, SyncEvent
from assurance.sync import match_kept
from audit.models import AuditEvent
from tasks.actions import cancel, reopen
from tasks.models import AuditType, Status
from tasks.schedule import generate
from tests.assurance.posting import Byron
from tests.factories import AuditTaskFactory, TaskFactory, TemplateFactory, completed
from wards.actors import person

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("_morning"),
]

Post = Callable[..., Any]


@pytest.fixture
def _morning() -> Any:
    with time_machine.travel(datetime(2026, 1, 27, 8, 15, 1, tzinfo=UTC)):
        yield


@pytest.fixture
def kept(byron: Byron, post: Post) -> SyncEvent:
    assert post().json()["error"] == "NO_MATCHING_TASK"
    return SyncEvent.objects.get()


def test_it_completes_its_task_when_there_is_one(byron: Byron, kept: SyncEvent) -> None:
    task = AuditTaskFactory.create(ward=byron.ward)

    assert match_kept(ward_ids=[byron.ward.pk]) == [kept]

    kept.refresh_from_db()
    task.refresh_from_db()
    assert (kept.outcome, kept.task) == (Outcome.COMPLETED, task)
    assert (task.completed_by, task.completed_at) == (byron.sarah, kept.completed_at)
    assert match_kept(ward_ids=[byron.ward.pk]) == []


def test_it_may_find_its_task_complete_already(byron: Byron, kept: SyncEvent) -> None:
    completed(AuditTaskFactory.create(ward=byron.ward), byron.sarah)
    match_kept(ward_ids=[byron.ward.pk])
    kept.refresh_from_db()
    assert kept.outcome == Outcome.ALREADY_COMPLETE


def test_while_there_is_none_nothing_is_written(byron: Byron, kept: SyncEvent) -> None:
    AuditTaskFactory.create(ward=byron.ward, audit_type=AuditType.WATER_TEMPS)
    audit_events = AuditEvent.objects.count()
    assert match_kept(ward_ids=[byron.ward.pk]) == []
    assert AuditEvent.objects.count() == audit_events


def test_other_wards_and_old_audits_are_left_alone(byron: Byron, kept: SyncEvent) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    assert match_kept(ward_ids=[byron.ward.pk + 1]) == []
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC)):
        assert match_kept(ward_ids=[byron.ward.pk]) == []


def test_generated_tasks_wake_the_matching(
    byron: Byron,
    kept: SyncEvent,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    TemplateFactory.create(ward=byron.ward, audit_type=AuditType.FRIDGE_TEMPS)
    with django_capture_on_commit_callbacks() as wake_ups:
        generate(days=[date(2026, 1, 27)])
    assert len(wake_ups) == 1


@pytest.mark.parametrize(("factory", "expected"), [(AuditTaskFactory, 1), (TaskFactory, 0)])
def test_a_reopened_audit_task_wakes_the_matching(
    byron: Byron,
    factory: Any,
    expected: int,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    task = factory.create(ward=byron.ward)
    cancel(task=task, by=person(byron.sarah), reason="Fridge is away")
    with django_capture_on_commit_callbacks() as wake_ups:
        reopen(task=task, by=person(byron.sarah))
    assert len(wake_ups) == expected


def test_the_job_matches_and_does_nothing_in_other_tiers(
    byron: Byron, kept: SyncEvent, settings: Settings
) -> None:
    task = AuditTaskFactory.create(ward=byron.ward)
    settings.HUB_TIER = "max"
    match_kept_audits([byron.ward.pk])
    task.refresh_from_db()
    assert task.status == Status.PENDING
    settings.HUB_TIER = "max_plus"
    match_kept_audits([byron.ward.pk])
    task.refresh_from_db()
    assert task.status == Status.COMPLETED
