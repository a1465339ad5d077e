"""What may be done to a task: every action, status and claim, by a person or a machine."""

from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from tasks import actions
from tasks.actions import TaskChanged
from tasks.models import Status, Task, TaskEvent
from tests.factories import TaskFactory, WardFactory, member_of
from wards.actors import Actor, Source, person
from wards.models import User

pytestmark = pytest.mark.django_db

ANYBODYS = ("nobody", "me", "colleague")
# action: {status: whose claim allows it to a person}. Anything else is refused.
ALLOWED: dict[str, dict[str, tuple[str, ...]]] = {
    "claim": {"pending": ("nobody",)},
    "release": {"pending": ("me",), "in_progress": ("me",)},
    "take_over": {"pending": ("colleague",), "in_progress": ("colleague",)},
    "start": {"pending": ("nobody", "me")},
    "stop": {"in_progress": ("me",)},
    "complete": {"pending": ANYBODYS, "in_progress": ANYBODYS},
    "cancel": {"pending": ANYBODYS, "in_progress": ANYBODYS},
    "reopen": {"completed": ANYBODYS, "cancelled": ANYBODYS},
}
FOR_MACHINES = {"complete", "cancel", "reopen"}

EVERY_CASE = [
    case
    for case in product(ALLOWED, Status.values, ANYBODYS, ("person", "machine"))
    # Work in progress is always claimed, and a machine claims nothing.
    if case[1:3] != ("in_progress", "nobody") and case[2:] != ("me", "machine")
]


def task_as(status: str, claimed_by: User | None) -> Task:
    now = timezone.now()
    facts: dict[str, Any] = {"status": status}
    if claimed_by:
        facts |= {"claimed_by": claimed_by, "claimed_at": now}
    if status == Status.COMPLETED:
        facts |= {"completed_by_name": "Somebody", "completed_at": now}
    if status == Status.CANCELLED:
        facts |= {"cancelled_reason": "Ward closed"}
    return TaskFactory.create(**facts)


def perform(action: str, task: Task, by: Actor) -> Task:
    reason = {"reason": "Not needed"} if action == "cancel" else {}
    done: Task = getattr(actions, action)(task=task, by=by, **reason)
    return done


@pytest.mark.parametrize(("action", "status", "claim", "kind"), EVERY_CASE)
def test_exactly_the_table_is_allowed(action: str, status: str, claim: str, kind: str) -> None:
    ward = WardFactory.create()
    me, colleague = member_of(ward), member_of(ward)
    task = task_as(status, {"nobody": None, "me": me, "colleague": colleague}[claim])
    before = Task.objects.values().get()
    by = person(me) if kind == "person" else Actor("The dashboard", Source.SYNC)
    allowed = claim in ALLOWED[action].get(status, ())
    if allowed and (kind == "person" or action in FOR_MACHINES):
        assert perform(action, task, by).version == 2
        return
    with pytest.raises(TaskChanged):
        perform(action, task, by)
    assert Task.objects.values().get() == before
    assert not TaskEvent.objects.exists()
    assert not AuditEvent.objects.exists()
