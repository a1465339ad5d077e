"""What the sender of an event is told of it, and how the published OpenAPI shows that."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic.alias_generators import to_camel

from assurance import openapi
from assurance.answers import answer_to, utc_text
from assurance.models import Outcome, SyncEvent
from assurance.models.event import REFUSALS
from assurance.webhook_messages import AuditCompleted, OtherEvent

Status = Literal["received", "processed", "kept", "refused"]


class EventAccepted(Schema):
    """The event is stored; `Location` says where to ask what became of it."""

    model_config = {"alias_generator": to_camel, "populate_by_name": True}

    event_id: UUID
    status: Status = Field(
        description="`received`: it is processed in a moment; `processed`: it has been; `kept`: "
        "the Hub does nothing with events of this type; `refused`: it was not valid"
    )


class EventStatus(EventAccepted):
    """How an event stands."""

    received_at: datetime
    result: openapi.Synced | openapi.NotSynced | None = Field(
        description="what `/sync` would have answered; `null` until, or unless, it is processed"
    )


def accepted(event: SyncEvent) -> dict[str, Any]:
    """Return what answers the webhook."""
    return {"eventId": str(event.public_id), "status": _status(event)}


def status_of(event: SyncEvent) -> dict[str, Any]:
    """Return how `event` stands; a repeat stands as the first of its audit does."""
    stands = event.repeat_of or event
    is_processed = _status(stands) == "processed"
    return {
        "eventId": str(event.public_id),
        "status": _status(stands),
        "receivedAt": utc_text(event.received_at),
        "result": answer_to(stands) if is_processed else None,
    }


def _status(event: SyncEvent) -> Status:
    match event.outcome:
        case Outcome.RECEIVED:
            return "received"
        case Outcome.NOT_AN_AUDIT:
            return "kept"
        case outcome if outcome in REFUSALS:
            return "refused"
    return "processed"


GUIDE_EVENT = {
    "eventType": "AUDIT_COMPLETED",
    "timestamp": "2026-01-27T08:15:00Z",
    "audit": {
        "id": "audit-12345",
        "type": "fridge_temps",
        "ward": "Byron",
        "completedBy": {
            "name": "Sarah Johnson",
            "email": "sarah.johnson@nhs.net",
            "staffId": "NHS123456",
        },
        "completedAt": "2026-01-27T08:14:32Z",
        "values": {"currentTemp": 4.2, "minTemp": 3.8, "maxTemp": 5.1, "inRange": True},
        "notes": "",
        "dashboardUrl": "https://focus.example.nhs.uk/assurance-dashboard/audits/12345",
    },
}
OTHER_EVENT = {"eventType": "AUDIT_STARTED", "timestamp": "2026-01-27T08:10:00Z"}
EVENT_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"

LOCATION = {
    "Location": {
        "description": "where to ask what became of it",
        "schema": {"type": "string", "format": "uri-reference"},
    }
}
NOT_TOLD_STATUSES = (401, 403, 404, 429, 503)
NOT_TOLD = {NOT_TOLD_STATUSES: openapi.Problem}


def _told(status: Status, result: Any = None) -> dict[str, Any]:
    return {
        "eventId": EVENT_ID,
        "status": status,
        "receivedAt": "2026-01-27T08:15:00Z",
        "result": result,
    }


WEBHOOK: dict[str, Any] = {
    "parameters": [openapi.IDEMPOTENCY_KEY],
    "requestBody": openapi.taken(
        {"anyOf": [AuditCompleted.model_json_schema(), OtherEvent.model_json_schema()]},
        {"from the integration guide": GUIDE_EVENT, "a type that the Hub only keeps": OTHER_EVENT},
    ),
    "responses": {
        202: {
            **openapi.answered(
                "The event is stored",
                {
                    status: {"eventId": EVENT_ID, "status": status}
                    for status in ("received", "processed", "kept")
                },
            ),
            "headers": LOCATION,
        },
        **openapi.problems(openapi.REFUSES),
    },
}
EVENT: dict[str, Any] = {
    "responses": {
        200: openapi.answered(
            "How the event stands",
            {
                "waits": _told("received"),
                "of another type": _told("kept"),
                **{name: _told("processed", body) for name, body in openapi.ANSWERS.items()},
            },
        ),
        **openapi.problems(NOT_TOLD_STATUSES),
    },
}
