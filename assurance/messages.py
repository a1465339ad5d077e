"""The contract's message: what a caller sends, checked strictly.

Source: domain.md, "Assurance sync contract", and the integration guide.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from django.utils import timezone
from ninja.errors import HttpError
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    Strict,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from assurance.sync import CompletedAudit
from tasks.models import AuditType

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
CLOCKS_MAY_DIFFER_BY = timedelta(minutes=5)
LARGEST_NUMBER = 1_000_000_000
LONGEST_TEXT = 500
MOST_VALUES = 50
MOST_DETAILS = 50

LONGEST_FIELD = 100

CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")
DATE_AND_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?")


class InvalidRequest(HttpError):
    """The request is not what the contract asks for; `details` says what, field by field."""

    code = "VALIDATION_ERROR"

    def __init__(self, details: list[dict[str, str]]) -> None:
        self.details = details
        super().__init__(422, "The request is not valid; details names each field")


def _plain_text(text: str) -> str:
    if CONTROL_CHARACTERS.search(text):
        raise PydanticCustomError("plain_text", "Must not contain control characters")
    if not text.strip():
        raise PydanticCustomError("plain_text", "Must not be blank")
    return text.strip()


def plain_text_or_empty(text: str) -> str:
    """Return `text` without white space around it; it may be empty."""
    return _plain_text(text) if text.strip() else ""


def _date_and_time(value: Any) -> Any:
    if not isinstance(value, str) or not DATE_AND_TIME.fullmatch(value):
        raise PydanticCustomError(
            "date_and_time", "Must be a date and time such as 2026-01-27T08:14:32Z"
        )
    return value


def _in_the_past(moment: datetime) -> datetime:
    if moment < EARLIEST:
        raise PydanticCustomError("too_early", "Must not be before the year 2000")
    if moment > timezone.now() + CLOCKS_MAY_DIFFER_BY:
        raise PydanticCustomError("future", "Must not be in the future")
    return moment.astimezone(UTC)


def _reading(value: Any) -> Any:
    """A number within bounds is finite, and every database keeps it."""
    match value:
        case None | bool():
            return value
        case int() | float() if -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
            return value
        case int() | float():
            raise PydanticCustomError("reading", "Must be a number of at most a thousand million")
        case str() if len(value) <= LONGEST_TEXT and "\x00" not in value:
            return value
        case str():
            raise PydanticCustomError("reading", "Must be at most 500 characters, none of them NUL")
    raise PydanticCustomError("reading", "Must be a number, a text, true, false or null")


Name = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_plain_text)]
PersonName = Annotated[
    str, StringConstraints(min_length=1, max_length=150), AfterValidator(_plain_text)
]
CompletedAt = Annotated[
    AwareDatetime,
    Strict(strict=False),  # a text, as `_date_and_time` holds
    BeforeValidator(_date_and_time),
    AfterValidator(_in_the_past),
    Field(description="with an offset, such as `Z` or `+01:00`"),
]
Reading = Annotated[Any, AfterValidator(_reading)]

READING = {"type": ["number", "string", "boolean", "null"], "maxLength": LONGEST_TEXT}
READINGS = {
    "type": "object",
    "description": "What was measured: a flat object of numbers, texts, true, false or null.",
    "properties": {"inRange": {"type": "boolean", "description": "the dashboard's own verdict"}},
    "additionalProperties": READING,
    "maxProperties": MOST_VALUES,
    "default": {},
}
AUDIT_TYPES = {
    "type": "string",
    "enum": AuditType.values,
    "description": "; ".join(f"`{one.value}`: {one.label}" for one in AuditType),
}
NOT_BLANK: dict[str, JsonValue] = {
    "pattern": r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
}


class Readings(BaseModel):
    """The values of an audit; `inRange` may be left out, everything else is free."""

    model_config = ConfigDict(strict=True, extra="allow")
    __pydantic_extra__: dict[Name, Reading] = Field(init=False)

    in_range: bool = Field(default=True, alias="inRange")

    @property
    def as_sent(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, exclude_unset=True)


def not_too_many(readings: Readings) -> Readings:
    """Return `readings`, of which there may be 50."""
    if len(readings.model_fields_set) > MOST_VALUES:
        raise PydanticCustomError("too_many", "Must have at most 50 entries")
    return readings


class AuditMessage(BaseModel):
    """A completed audit, as `POST /api/assurance/sync` takes it."""

    model_config = ConfigDict(strict=True, extra="forbid", alias_generator=to_camel)

    audit_type: Annotated[AuditType, WithJsonSchema(AUDIT_TYPES)]
    ward: Name = Field(description="the ward's name", json_schema_extra=NOT_BLANK)
    completed_by: PersonName = Field(
        description="staff id, e-mail address or full name", json_schema_extra=NOT_BLANK
    )
    completed_at: CompletedAt
    audit_id: Name = Field(
        description="the dashboard's id; the same id again changes nothing",
        json_schema_extra=NOT_BLANK,
    )
    values: Annotated[Readings, AfterValidator(not_too_many), WithJsonSchema(READINGS)] = Field(
        default_factory=Readings
    )


def audit_in(body: bytes) -> CompletedAudit:
    """Return the audit that `body`, JSON in UTF-8, describes.

    Raises `InvalidRequest`, which names each field that is not as the contract says.
    """
    try:
        message = AuditMessage.model_validate_json(body)
    except ValidationError as problem:
        raise invalid(problem) from None
    return CompletedAudit(
        audit_id=message.audit_id,
        audit_type=message.audit_type,
        ward_name=message.ward,
        completed_by=message.completed_by,
        completed_at=message.completed_at,
        values=message.values.as_sent,
    )


def invalid(problem: ValidationError) -> InvalidRequest:
    """Return what tells the caller of `problem`, without what was sent."""
    errors = problem.errors(include_url=False, include_context=False, include_input=False)
    return InvalidRequest(
        [
            {"field": _field(error["loc"]), "message": error["msg"]}
            for error in errors[:MOST_DETAILS]
        ]
    )


def _field(location: tuple[int | str, ...]) -> str:
    """Return the path to a field, for example `values.currentTemp`, fit to be stored and shown."""
    path = ".".join(str(part) for part in location) or "body"
    return CONTROL_CHARACTERS.sub("?", path)[:LONGEST_FIELD]
