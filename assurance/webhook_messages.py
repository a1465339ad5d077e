"""The dashboard's own message, as its webhook sends it.

Source: the integration guide, "Webhook Payload". What is not known here is left unread: the
dashboard may add to its message.
"""

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

from assurance.messages import (
    AUDIT_TYPES,
    NOT_BLANK,
    READINGS,
    CompletedAt,
    Name,
    PersonName,
    Readings,
    invalid,
    not_too_many,
    plain_text_or_empty,
)
from assurance.sync import CompletedAudit
from tasks.models import AuditType

AUDIT_COMPLETED = "AUDIT_COMPLETED"


def _optional(longest: int) -> Any:
    """A text that may be left out, empty or null."""
    return Annotated[
        str,
        BeforeValidator(lambda value: "" if value is None else value),
        StringConstraints(max_length=longest),
        AfterValidator(plain_text_or_empty),
        WithJsonSchema({"type": ["string", "null"], "maxLength": longest}),
    ]


class _Message(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", alias_generator=to_camel)


class Completer(_Message):
    """Who completed the audit: found by staff id; if not, by e-mail address; if not, by name."""

    name: PersonName = Field(json_schema_extra=NOT_BLANK)
    email: _optional(254) = ""  # type: ignore[valid-type]
    staff_id: _optional(100) = ""  # type: ignore[valid-type]


class DashboardAudit(_Message):
    """An audit, in the dashboard's words."""

    id: Name = Field(
        description="the dashboard's id; the same id again changes nothing",
        json_schema_extra=NOT_BLANK,
    )
    type: Annotated[AuditType, WithJsonSchema(AUDIT_TYPES)]
    ward: Name = Field(description="the ward's name", json_schema_extra=NOT_BLANK)
    completed_by: Annotated[Completer, WithJsonSchema(Completer.model_json_schema())]
    completed_at: CompletedAt
    values: Annotated[Readings, AfterValidator(not_too_many), WithJsonSchema(READINGS)] = Field(
        default_factory=Readings
    )


class AuditCompleted(_Message):
    """An audit was completed on the dashboard."""

    event_type: Annotated[str, WithJsonSchema({"const": AUDIT_COMPLETED})]
    audit: Annotated[DashboardAudit, WithJsonSchema(DashboardAudit.model_json_schema())]


class OtherEvent(_Message):
    """Anything else that the dashboard tells: it is kept, and nothing is done."""

    event_type: Name = Field(json_schema_extra=NOT_BLANK)


def audit_in_event(body: bytes) -> CompletedAudit | None:
    """Return the audit of the event that `body` describes; None for an event of another type.

    Raises `InvalidRequest`, which names each field that is not as the contract says.
    """
    try:
        if OtherEvent.model_validate_json(body).event_type != AUDIT_COMPLETED:
            return None
        audit = AuditCompleted.model_validate_json(body).audit
    except ValidationError as problem:
        raise invalid(problem) from None
    return CompletedAudit(
        audit_id=audit.id,
        audit_type=audit.type,
        ward_name=audit.ward,
        completed_by=audit.completed_by.name,
        completed_by_email=audit.completed_by.email,
        completed_by_staff_id=audit.completed_by.staff_id,
        completed_at=audit.completed_at,
        values=audit.values.as_sent,
    )
