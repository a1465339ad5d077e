"""What a caller is told of an audit: derived from its event, so that repeats are told the same.

Source: the contract in domain.md, "Assurance sync contract".
"""

from datetime import UTC, datetime
from typing import Any

from assurance.models import Outcome, SyncEvent
from tasks.shifts import local_date

MESSAGES = {
    Outcome.COMPLETED: "Task marked complete",
    Outcome.ALREADY_COMPLETE: "Task already complete",
}


def answer_to(event: SyncEvent) -> dict[str, Any]:
    """Return the body that answers the audit of `event`."""
    outcome = Outcome(event.outcome)
    if event.synced_at is not None:
        return {
            "success": True,
            "taskId": event.task_public_id,
            "message": MESSAGES[outcome],
            "syncedAt": utc_text(event.synced_at),
        }
    return {"success": False, "error": outcome.value.upper(), "message": why_not(event)}


def why_not(event: SyncEvent) -> str:
    """Return the sentence that says why the audit of `event` completed nothing."""
    if event.outcome == Outcome.NO_MATCHING_TASK and event.completed_at:
        return (
            f"No pending {event.audit_type} task found for {event.ward_name} "
            f"on {local_date(event.completed_at)}"
        )
    # The same words whichever it is: a key must not tell which wards and people exist.
    return (
        f"There is no ward {event.ward_name}, or the key or the person who completed the audit "
        "has no access to it"
    )


def utc_text(moment: datetime) -> str:
    """Return `moment` as in `2026-01-27T08:15:01Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
