"""A month's audits as a table for a file: each one that was due, with what became of it."""

from collections.abc import Collection
from datetime import date, datetime

from django.utils.timezone import localtime

from assurance.compliance import last_day
from assurance.expected import ExpectedAudit, expected_audits
from tasks.models import Shift
from wards.models import Ward

COLUMNS = (
    *("Ward", "Date", "Shift", "Audit", "Outcome", "Reason", "Out of range"),
    *("Completed", "Completed by", "How", "Task"),
)


def table_of(wards: Collection[Ward], month: date, now: datetime) -> list[tuple[str, ...]]:
    """Return the headings and a row for each audit of `wards` in the month that begins then."""
    audits = expected_audits(wards, first=month, last=last_day(month), now=now)
    return [COLUMNS, *(_row(audit) for audit in audits)]


def _row(audit: ExpectedAudit) -> tuple[str, ...]:
    task = audit.task
    completed = f"{localtime(task.completed_at):%d/%m/%Y %H:%M}" if task.completed_at else ""
    return (
        audit.ward.name,
        f"{task.due_on:%d/%m/%Y}",
        Shift(task.shift).label,
        audit.audit_type.label,
        audit.fate.label,
        task.cancelled_reason,
        "Out of range" if audit.is_out_of_range else "",
        completed,
        task.completed_by_name,
        audit.way.label if audit.way else "",
        task.public_id,
    )
