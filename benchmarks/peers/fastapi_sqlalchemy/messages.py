"""The contract's message."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationError,
)
from pydantic.alias_generators import to_camel

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
CLOCKS_MAY_DIFFER_BY = timedelta(minutes=5)
LARGEST_NUMBER = 1_000_000_000
LONGEST_TEXT = 500
MOST_VALUES = 50
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")
DATE_AND_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?")

AuditType = Literal[
    "fridge_temps",
    "water_temps",
    "walkaround",
    "controlled_drugs",
    "resus_check",
    "fire_safety",
    "ligature_check",
]


def _plain_text(text: str) -> str:
    if CONTROL_CHARACTERS.search(text) or not text.strip():
        raise ValueError("must be plain text")
    return text.strip()


def _date_and_time(value: Any) -> Any:
    if not isinstance(value, str) or not DATE_AND_TIME.fullmatch(value):
        raise ValueError("must be a date and time")
    return value


def _in_the_past(moment: datetime) -> datetime:
    if not EARLIEST <= moment <= datetime.now(UTC) + CLOCKS_MAY_DIFFER_BY:
        raise ValueError("must be in the past")
    return moment.astimezone(UTC)


def _reading(value: Any) -> Any:
    match value:
        case None | bool():
            return value
        case int() | float() if -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
            return value
        case str() if len(value) <= LONGEST_TEXT and "\x00" not in value:
            return value
    raise ValueError("must be a number, a text, true, false or null")


def _verdict(readings: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(readings.get("inRange", True), bool):
        raise ValueError("inRange must be true or false")
    return readings


Name = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_plain_text)]
Person = Annotated[
    str, StringConstraints(min_length=1, max_length=150), AfterValidator(_plain_text)
]
Moment = Annotated[
    AwareDatetime,
    Strict(strict=False),
    BeforeValidator(_date_and_time),
    AfterValidator(_in_the_past),
]
Reading = Annotated[Any, AfterValidator(_reading)]
Readings = Annotated[dict[Name, Reading], Field(max_length=MOST_VALUES), AfterValidator(_verdict)]


class AuditMessage(BaseModel):
    """A completed audit."""

    model_config = ConfigDict(strict=True, extra="forbid", alias_generator=to_camel)

    audit_type: AuditType
    ward: Name
    completed_by: Person
    completed_at: Moment
    audit_id: Name
    values: Readings = Field(default_factory=dict)


def details(problem: ValidationError) -> list[dict[str, str]]:
    """Return what is wrong, field by field."""
    return [
        {"field": ".".join(map(str, error["loc"])) or "body", "message": error["msg"]}
        for error in problem.errors(include_url=False, include_context=False, include_input=False)
    ]
