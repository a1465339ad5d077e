"""What the published OpenAPI says about the endpoint: schemas, and an example for each outcome."""

from typing import Any, Literal

from ninja import Schema
from pydantic import Field
from pydantic.alias_generators import to_camel

from assurance.messages import AuditMessage


class Synced(Schema):
    """The audit's task is complete."""

    model_config = {"alias_generator": to_camel, "populate_by_name": True}

    success: Literal[True]
    task_id: str = Field(description="the task's id in the Hub")
    message: str
    synced_at: str = Field(json_schema_extra={"format": "date-time"})


class NotSynced(Schema):
    """The request was understood, but completed nothing; sending it again will not help."""

    success: Literal[False]
    error: Literal["NO_MATCHING_TASK", "WARD_MISMATCH"]
    message: str


class Detail(Schema):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(Schema):
    """The request was refused, or cannot be served now."""

    success: Literal[False]
    error: str = Field(description="a code for programs")
    message: str = Field(description="a sentence for people")
    details: list[Detail]


GUIDE_AUDIT = {
    "auditType": "fridge_temps",
    "ward": "Byron",
    "completedBy": "Sarah Johnson",
    "completedAt": "2026-01-27T08:14:32Z",
    "auditId": "audit-12345",
    "values": {"currentTemp": 4.2, "inRange": True},
}

ANSWERS: dict[str, dict[str, Any]] = {
    "completed": {
        "success": True,
        "taskId": "wt123",
        "message": "Task marked complete",
        "syncedAt": "2026-01-27T08:15:01Z",
    },
    "already complete": {
        "success": True,
        "taskId": "wt123",
        "message": "Task already complete",
        "syncedAt": "2026-01-27T08:15:01Z",
    },
    "no matching task": {
        "success": False,
        "error": "NO_MATCHING_TASK",
        "message": "No pending fridge_temps task found for Byron on 2026-01-27",
    },
    "ward mismatch": {
        "success": False,
        "error": "WARD_MISMATCH",
        "message": "There is no ward Byron, or the key or the person who completed the audit has "
        "no access to it",
    },
}

PROBLEMS: dict[int, tuple[str, str]] = {
    401: ("UNAUTHENTICATED", "Send an API key that is in use"),
    403: ("SOURCE_NOT_ALLOWED", "This key may not be used from your address"),
    422: ("VALIDATION_ERROR", "The request is not valid; details names each field"),
    429: ("RATE_LIMITED", "Too many requests; try again later"),
    503: ("TEMPORARILY_UNAVAILABLE", "The Hub cannot answer now; try again later"),
}
DETAILS = {422: [{"field": "completedAt", "message": "Input should have timezone info"}]}
RETRY_AFTER = {
    "Retry-After": {
        "description": "seconds to wait before the request may be sent again",
        "schema": {"type": "integer", "minimum": 1},
    }
}


def _problem(status: int) -> dict[str, Any]:
    error, message = PROBLEMS[status]
    body = {"success": False, "error": error, "message": message}
    example = {**body, "details": DETAILS.get(status, [])}
    described: dict[str, Any] = {"content": {"application/json": {"example": example}}}
    return {**described, "headers": RETRY_AFTER} if status in (429, 503) else described


SYNC: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": AuditMessage.model_json_schema(),
                "examples": {"from the integration guide": {"value": GUIDE_AUDIT}},
            }
        },
    },
    "responses": {
        200: {
            "description": "The request was understood: `success` says whether a task is complete",
            "content": {
                "application/json": {
                    "examples": {name: {"value": body} for name, body in ANSWERS.items()}
                }
            },
        },
        **{status: _problem(status) for status in PROBLEMS},
    },
}
