"""What the database holds about tasks, whatever the code does."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tasks.models import Task
from tests.factories import (
    PatientFactory,
    TaskFactory,
    TemplateFactory,
    UserFactory,
    WardFactory,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def facts(kind: str, **changes: Any) -> dict[str, Any]:
    """Return what a valid task of `kind` has, with `changes`; "yes" stands for a related row."""
    valid: dict[str, dict[str, Any]] = {
        "ward": {"shift": "early"},
        "patient": {"shift": "", "patient": "yes", "category": "referral"},
        "appointment": {"shift": "", "patient": "yes", "time": time(10)},
    }
    rows: dict[str, Callable[[], Any]] = {
        "patient": PatientFactory.create,
        "claimed_by": UserFactory.create,
        "completed_by": UserFactory.create,
    }
    wanted = {"kind": kind, **valid[kind], **changes}
    return {name: rows[name]() if value == "yes" else value for name, value in wanted.items()}


GOOD: list[tuple[str, dict[str, Any]]] = [
    ("ward", {}),
    ("ward", {"audit_type": "fridge_temps"}),
    ("patient", {}),
    ("patient", {"time": time(9)}),
    ("appointment", {}),
    ("appointment", {"time": None, "day_part": "am"}),
    ("appointment", {"place": "Court", "attendees": "Dr Grey"}),
    ("ward", {"status": "in_progress", "claimed_by": "yes", "claimed_at": NOW}),
    ("ward", {"status": "completed", "completed_by_name": "Sarah", "completed_at": NOW}),
    ("ward", {"status": "cancelled", "cancelled_reason": "Ward closed"}),
]

BAD: list[tuple[str, dict[str, Any]]] = [
    ("ward", {"shift": ""}),
    ("ward", {"patient": "yes"}),
    ("ward", {"category": "referral"}),
    ("ward", {"time": time(9)}),
    ("ward", {"day_part": "am"}),
    ("patient", {"patient": None}),
    ("patient", {"category": ""}),
    ("patient", {"shift": "early"}),
    ("patient", {"audit_type": "fridge_temps"}),
    ("appointment", {"patient": None}),
    ("appointment", {"time": None}),
    ("appointment", {"day_part": "pm"}),
    ("appointment", {"shift": "early"}),
    ("appointment", {"audit_type": "fridge_temps"}),
    ("ward", {"claimed_by": "yes"}),
    ("ward", {"claimed_at": NOW}),
    ("ward", {"status": "in_progress"}),
    ("ward", {"status": "completed"}),
    ("ward", {"status": "completed", "completed_at": NOW}),
    ("ward", {"status": "completed", "completed_by_name": "Sarah"}),
    ("ward", {"completed_at": NOW, "completed_by_name": "Sarah"}),
    ("ward", {"completed_by": "yes"}),
    ("ward", {"status": "cancelled"}),
    ("ward", {"cancelled_reason": "Ward closed"}),
]


@pytest.mark.parametrize(("kind", "changes"), GOOD)
def test_a_sound_task_is_kept(kind: str, changes: dict[str, Any]) -> None:
    assert TaskFactory.create(**facts(kind, **changes)).pk


@pytest.mark.parametrize(("kind", "changes"), BAD)
def test_an_unsound_task_is_refused(kind: str, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        TaskFactory.create(**facts(kind, **changes))


def test_a_template_gives_a_day_and_shift_one_task() -> None:
    template, ward = TemplateFactory.create(), WardFactory.create()
    TaskFactory.create(template=template, ward=ward)
    with pytest.raises(IntegrityError):
        TaskFactory.create(template=template, ward=ward)


def test_tasks_without_a_template_may_be_alike() -> None:
    ward = WardFactory.create()
    TaskFactory.create_batch(2, ward=ward)
    assert Task.objects.count() == 2


def test_a_template_ends_after_it_starts() -> None:
    with pytest.raises(IntegrityError):
        TemplateFactory.create(active_from=date(2026, 1, 2), active_until=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("kind", "prefix"), [("ward", "wt"), ("patient", "pt"), ("appointment", "ap")]
)
def test_a_task_is_found_by_its_public_id(kind: str, prefix: str) -> None:
    task = TaskFactory.create(**facts(kind))
    assert task.public_id == f"{prefix}{task.pk}"
    assert Task.objects.with_public_id(task.public_id).get() == task


@pytest.mark.parametrize(
    "public_id", ["", "wt", "wt0", "pt{}", "xx{}", "WT{}", "wt-{}", "wt{} ", "wt٣", "wt" + "9" * 40]
)
def test_any_other_id_finds_nothing(public_id: str) -> None:
    task = TaskFactory.create()
    assert not Task.objects.with_public_id(public_id.format(task.pk)).exists()
