"""Sync events as the tests of the pages need them, and who looks at them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from assurance.models import ApiClient, Outcome, SyncEvent
from assurance.models.event import SUCCESSES, WITHOUT_AUDIT
from tasks.models import Task
from tests.factories import AuditTaskFactory
from wards.models import User, Ward

MORNING = datetime(2026, 1, 27, 8, 14, 32, tzinfo=UTC)


def event_of(
    ward: Ward | None,
    client: ApiClient,
    *,
    outcome: Outcome,
    task: Task | None = None,
    **facts: Any,
) -> SyncEvent:
    """Store an event that `client` posted in the morning, or when the facts say."""
    number = SyncEvent.objects.count() + 1
    received_at = facts.pop("received_at", MORNING)
    of_an_audit = {
        "audit_id": f"audit-{number}",
        "audit_type": "fridge_temps",
        "completed_by": "Sarah Johnson",
        "completed_at": received_at,
    }
    of_a_success = {
        "task": task,
        "task_public_id": task.public_id if task else "wt0",
        "synced_at": received_at,
    }
    facts.setdefault("out_of_range", facts.get("values", {}).get("inRange") is False)
    return SyncEvent.objects.create(
        client=client,
        ward=ward,
        ward_name=ward.name if ward else "Nowhere",
        received_at=received_at,
        outcome=outcome,
        **({} if outcome in WITHOUT_AUDIT else of_an_audit)
        | (of_a_success if outcome in SUCCESSES else {})
        | facts,
    )


def done(ward: Ward, by: User, *, at: datetime = MORNING, **facts: Any) -> Task:
    """Return an audit task that `by` completed by hand at `at`."""
    return AuditTaskFactory.create(
        ward=ward,
        status="completed",
        completed_by=by,
        completed_by_name=by.name,
        completed_at=at,
        **facts,
    )


def synced(
    ward: Ward, by: User, client: ApiClient, *, at: datetime = MORNING, **facts: Any
) -> Task:
    """Return an audit task that an audit of `client` completed at `at`."""
    values = facts.pop("values", {"inRange": True})
    task = done(ward, by, at=at, **facts)
    received_at = at + timedelta(seconds=20)
    event_of(
        ward,
        client,
        outcome=Outcome.COMPLETED,
        task=task,
        audit_type=task.audit_type,
        completed_at=at,
        received_at=received_at,
        values=values,
    )
    return task
