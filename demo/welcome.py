"""What a visitor reads when the demo has started: where to go, who to be, what to try."""

import json
import shlex
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from assurance.api_clients import issue_key
from assurance.settlement import candidate
from assurance.sync import CompletedAudit
from demo.audits import CLIENT_NAME, DEMO, audits_to_complete, body_of, demo_client
from demo.chance import chance_for
from demo.people import VISITOR, demo_users, sign_in_choices
from demo.readings import readings
from tasks.models import AuditType, Shift, Task
from tasks.words import short_date
from wards.access import wards_visible_to
from wards.features import Feature, current_tier, feature_available


def welcome(*, now: datetime | None = None) -> str:
    """Return the text; in Max+ it holds a new API key, and the old one stops working."""
    paragraphs = [
        f"Inpatient Hub, {current_tier().label}, is at {settings.HUB_BASE_URL}",
        _people(),
        _audit(now or timezone.now()),
    ]
    return "\n\n".join(paragraphs)


def _people() -> str:
    rows = [
        (choice.name, choice.job_title, group.role.label, choice.belongs_to)
        for group in sign_in_choices()
        for choice in group.choices
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    columns = "".join(f"  {{:{width}}}" for width in widths) + "  {}"
    address = f"{settings.HUB_BASE_URL}{reverse('account_login')}"
    return "\n".join(
        [f"Sign in with one click at {address} as one of", *(columns.format(*row) for row in rows)]
    )


def _audit(now: datetime) -> str:
    if not feature_available(Feature.ASSURANCE_SYNC):
        return (
            "The Assurance Dashboard sync is a feature of Max+: HUB_TIER=max_plus make demo.\n"
            f"In {current_tier().label} a nurse completes audit tasks by hand."
        )
    key = issue_key(client=demo_client(), by=DEMO)
    lines = [f'API key of the client "{CLIENT_NAME}", new at each start:', f"  {key}"]
    task = audit_to_complete(now)
    if task is None:
        lines.append(f"No audit that {VISITOR} could complete is to do at the moment.")
    else:
        shift = f"{Shift(task.shift).label.lower()} shift of {short_date(task.due_on)}"
        lines += [
            f"This completes {task.public_id}, {task.title}, {task.ward}, {shift}:",
            f"  {_curl(key, task, now)}",
        ]
    return "\n".join(lines)


def audit_to_complete(now: datetime) -> Task | None:
    """Return an audit task that an audit by the visitor, completed at `now`, would complete.

    One of a shift on duty that nobody has claimed, if there is one.
    """
    visitor = demo_users().filter(name=VISITOR).first()
    if visitor is None:
        return None
    found = audits_to_complete(wards_visible_to(visitor), now)

    def second_best(task: Task) -> tuple[bool, bool]:
        return now not in candidate(task).window, task.claimed_by_id is not None

    return min(found, key=second_best, default=None)


def _curl(key: str, task: Task, now: datetime) -> str:
    audit_type = AuditType(task.audit_type)
    audit = CompletedAudit(
        audit_id=f"audit-{uuid4().hex[:12]}",
        audit_type=audit_type,
        ward_name=task.ward.name,
        completed_by=VISITOR,
        completed_at=now,
        values=readings(audit_type, chance_for(now)),
    )
    headers = [f"X-API-Key: {key}", "Content-Type: application/json"]
    command = ["curl", "-sS", "-w", r"\n", f"{settings.HUB_BASE_URL}/api/assurance/sync"]
    for header in headers:
        command += ["-H", header]
    return shlex.join([*command, "-d", json.dumps(body_of(audit))])
