"""What the published OpenAPI says about `/sync`, and what the other endpoints have in common."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from ninja import Schema
from pydantic import Field
from pydantic.alias_generators import to_camel

from assurance.messages import AuditMessage
from wards.idempotency import KEY_PATTERN, LONGEST_KEY


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

PROBLEMS: dict[int, dict[str, tuple[str, str]]] = {
    401: {"no key in use": ("UNAUTHENTICATED", "Send an API key, or a token, that is in use")},
    403: {
        "address not allowed": (
            "SOURCE_NOT_ALLOWED",
            "This key may not be used from your address",
        ),
        "signature does not hold": (
            "SOURCE_NOT_ALLOWED",
            "Requests with this key must be signed: check the secret, that the body is sent as it "
            "was signed, and the clock",
        ),
    },
    404: {"not yours, or not there": ("NOT_FOUND", "There is nothing at this address")},
    422: {
        "not valid": ("VALIDATION_ERROR", "The request is not valid; details names each field"),
        "key of another body": (
            "IDEMPOTENCY_KEY_REUSED",
            "This Idempotency-Key stood for another body before; send a new one",
        ),
    },
    429: {"too many": ("RATE_LIMITED", "Too many requests; try again later")},
    503: {
        "not available": (
            "TEMPORARILY_UNAVAILABLE",
            "The Hub cannot answer now; try again later",
        ),
        "still in progress": (
            "TEMPORARILY_UNAVAILABLE",
            "The same is being processed already; send it again in a few seconds",
        ),
    },
}
DETAILS = {
    "VALIDATION_ERROR": [
        {"field": "completedAt", "message": "Must be a date and time such as 2026-01-27T08:14:32Z"}
    ],
    "IDEMPOTENCY_KEY_REUSED": [
        {"field": "Idempotency-Key", "message": "Stood for another body before"}
    ],
}
RETRY_AFTER = {
    "Retry-After": {
        "description": "seconds to wait before the request may be sent again",
        "schema": {"type": "integer", "minimum": 1},
    }
}
REFUSES = (401, 403, 422, 429, 503)
REFUSED = {REFUSES: Problem}


def problems(statuses: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return what the description says of answers with these statuses."""
    return {status: _problem(status) for status in statuses}


def _problem(status: int) -> dict[str, Any]:
    examples = {
        name: {
            "value": {
                "success": False,
                "error": error,
                "message": message,
                "details": DETAILS.get(error, []),
            }
        }
        for name, (error, message) in PROBLEMS[status].items()
    }
    described: dict[str, Any] = {"content": {"application/json": {"examples": examples}}}
    return {**described, "headers": RETRY_AFTER} if status in (429, 503) else described


def taken(schema: Mapping[str, Any], examples: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the description says of a body of this schema."""
    named = {name: {"value": body} for name, body in examples.items()}
    content = {"application/json": {"schema": schema, "examples": named}}
    return {"required": True, "content": content}


def answered(description: str, examples: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the description says of a good answer."""
    named = {name: {"value": body} for name, body in examples.items()}
    return {"description": description, "content": {"application/json": {"examples": named}}}


IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "the same key with the same body is the same request",
    "schema": {"type": "string", "maxLength": LONGEST_KEY, "pattern": KEY_PATTERN},
}

SYNC: dict[str, Any] = {
    "parameters": [IDEMPOTENCY_KEY],
    "requestBody": taken(
        AuditMessage.model_json_schema(), {"from the integration guide": GUIDE_AUDIT}
    ),
    "responses": {
        200: answered(
            "The request was understood: `success` says whether a task is complete", ANSWERS
        ),
        **problems(REFUSES),
    },
}
