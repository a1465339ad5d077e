"""What the Assurance Dashboard sent while the demo people worked; Max+ only."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from assurance.answers import utc_text
from assurance.api_clients import create_client
from assurance.follow_ups import follow_up_audit
from assurance.limits import limits_of
from assurance.matching import Candidate, choose
from assurance.models import ApiClient, Outcome, SyncEvent
from assurance.settlement import candidate
from assurance.sync import CompletedAudit
from demo.chance import chance_for
from demo.crews import Crew
from demo.readings import readings, too_warm_fridge
from demo.stories import Step, Story, through_dashboard
from demo.wards import BYRON
from tasks import actions
from tasks.models import AuditType, Status, Task
from tasks.shifts import ONE_DAY, local_date
from tasks.transitions import Action
from wards.actors import Actor, Source, person
from wards.models import User, Ward

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


def audits_to_complete(wards: Collection[Ward], now: datetime) -> list[Task]:
    """Return the audit tasks of `wards` that audits completed at `now` would complete."""
    today = local_date(now)
    tasks = (
        Task.objects.filter(ward__in=wards, due_on__in=[today - ONE_DAY, today])
        .exclude(audit_type="")
        .exclude(status=Status.CANCELLED)
        .select_related("ward")
        .order_by("ward__name", "audit_type")
    )
    by_id = {task.pk: task for task in tasks}
    candidates: dict[tuple[int, str], list[Candidate]] = defaultdict(list)
    for task in tasks:
        candidates[task.ward_id, task.audit_type].append(candidate(task))
    matches = [match for same in candidates.values() if (match := choose(same, now))]
    return [by_id[match.task_id] for match in matches if match.is_open]


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
    client = demo_client()
    events = [
        _sync_event(story, story.task.completed_at, client)
        for story in stories
        if story.is_completed_by_dashboard and story.task.completed_at
    ]
    SyncEvent.objects.bulk_create(events, batch_size=BATCH)
    for event in events:
        if event.needs_follow_up and event.task and event.person:
            _act_on(event, event.task, event.person)


def _act_on(event: SyncEvent, task: Task, by: User) -> None:
    act = follow_up_audit(event=event, task=task, at=event.received_at)
    nurse = person(by)
    actions.start(task=act, by=nurse, at=event.received_at + timedelta(minutes=6))
    actions.complete(task=act, by=nurse, at=event.received_at + timedelta(minutes=47))


def _sync_event(story: Story, completed_at: datetime, client: ApiClient) -> SyncEvent:
    task = story.task
    chance = chance_for(task.ward.slug, task.due_on, task.shift, task.audit_type)
    audit = _audit(story, completed_at, chance)
    received_at = completed_at + timedelta(seconds=chance.randint(8, 70))
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
        limits=limits_of(audit.audit_type, audit.values),
        out_of_range=story.is_out_of_range,
        needs_follow_up=story.is_out_of_range,
        followed_up_at=received_at if story.is_out_of_range else None,
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
