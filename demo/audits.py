"""What the Assurance Dashboard sent while the demo people worked; Max+ only."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from assurance.answers import utc_text
from assurance.api_clients import create_client
from assurance.models import ApiClient, Outcome, SyncEvent
from assurance.sync import CompletedAudit
from demo.crews import Crew
from demo.readings import readings, too_warm_fridge
from demo.stories import Step, Story, through_dashboard
from demo.wards import BYRON
from tasks.actors import Actor
from tasks.models import AuditType, Source
from tasks.transitions import Action

CLIENT_NAME = "Power Automate (demo)"
DEMO = Actor("The demo", Source.COMMAND)
FIRST_AUDIT_NUMBER = 10_000
BATCH = 500


def demo_client() -> ApiClient:
    """Return the client in whose name the demo's audits come; create it at the first call."""
    client = ApiClient.objects.filter(name=CLIENT_NAME).first()
    if client is None:
        client, _ = create_client(name=CLIENT_NAME, wards=None, by=DEMO)
    return client


def body_of(audit: CompletedAudit) -> dict[str, Any]:
    """Return `audit` as Power Automate posts it."""
    return {
        "auditType": audit.audit_type.value,
        "ward": audit.ward_name,
        "completedBy": audit.completed_by,
        "completedAt": utc_text(audit.completed_at),
        "auditId": audit.audit_id,
        "values": audit.values,
    }


def let_a_fridge_be_too_warm(stories: Sequence[Story], crew: Crew, *, today: date) -> None:
    """Two days ago the fridge of Byron was out of range, as the dashboard sent."""
    when_and_where = (today - timedelta(days=2), BYRON, AuditType.FRIDGE_TEMPS)
    for story in stories:
        task = story.task
        if (task.due_on, task.ward.name, task.audit_type) == when_and_where:
            at = story.window.start + timedelta(minutes=84)
            story.steps = [Step(Action.COMPLETE, at, through_dashboard(crew.nurses[0]))]
            story.is_out_of_range = True


def store_audits(stories: Sequence[Story]) -> None:
    """Store the audit of each task that the dashboard completed."""
    synced = [story for story in stories if story.is_completed_by_dashboard]
    if not synced:
        return
    client = demo_client()
    events = [_sync_event(story, client) for story in synced]
    SyncEvent.objects.bulk_create(events, batch_size=BATCH)


def _sync_event(story: Story, client: ApiClient) -> SyncEvent:
    task = story.task
    assert task.completed_at is not None, "the dashboard completed it"
    chance = Random(f"{task.ward.slug} {task.due_on} {task.shift} {task.audit_type}")
    audit = _audit(story, task.completed_at, chance)
    received_at = task.completed_at + timedelta(seconds=chance.randint(8, 70))
    return SyncEvent(
        **asdict(audit),
        client=client,
        received_at=received_at,
        outcome=Outcome.COMPLETED,
        ward=task.ward,
        person=task.completed_by,
        task=task,
        task_public_id=task.public_id,
        synced_at=received_at,
        payload=json.dumps(body_of(audit)),
    )


def _audit(story: Story, completed_at: datetime, chance: Random) -> CompletedAudit:
    task = story.task
    audit_type = AuditType(task.audit_type)
    return CompletedAudit(
        audit_id=f"audit-{FIRST_AUDIT_NUMBER + task.pk}",
        audit_type=audit_type,
        ward_name=task.ward.name,
        completed_by=task.completed_by_name,
        completed_at=completed_at,
        values=too_warm_fridge() if story.is_out_of_range else readings(audit_type, chance),
    )
