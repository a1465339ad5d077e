"""Writing events for the audit tests, and what a tamperer would do behind the code's back."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from audit.chain import faults
from audit.events import record
from audit.models import AuditEvent


@dataclass(frozen=True)
class Writer:
    """Anybody: the audit log knows nobody."""

    name: str
    user_id: str = "7"
    source: str = "web"


def write(number: int = 1, **fields: Any) -> AuditEvent:
    """Record `number` events and return the last."""
    facts = {"by": Writer("Sarah"), "action": "task.complete"}
    return [record(**{**facts, **fields}) for _ in range(number)][-1]


def tamper(statement: str, *values: Any) -> None:
    """Execute raw SQL on the events table, named by `{events}`, or on the head's, `{head}`."""
    tables = {"events": "audit_auditevent", "head": "audit_chainhead"}
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**tables), values)


def faulty() -> list[int]:
    """Return the numbers of the events that the verification complains of."""
    return [fault.sequence for fault in faults()]
