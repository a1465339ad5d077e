"""What the API says about calls and notes, and how its OpenAPI description shows it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from systmone.models import Attempt, Call, State
from systmone.models.call import STATUS_IN_API
from systmone.protocol.identity import is_nhs_number

LONGEST_TEXT = 10_000  # letters, as on the page

Status = Literal["queued", "sending", "succeeded", "unknown", "failed", "cancelled"]


class Camel(Schema):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Strict(Camel):
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", strict=True
    )


def _real_number(number: str) -> str:
    if not is_nhs_number(number):
        raise PydanticCustomError("nhs_number", "Must be ten digits with the right check digit")
    return number


def _says_something(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "Must not be blank")
    return text


NhsNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$"), AfterValidator(_real_number)]


class NewNote(Strict):
    """A case note for the patient with this NHS number."""

    nhs_number: NhsNumber = Field(json_schema_extra={"examples": ["9434765919"]})
    text: Annotated[
        str,
        StringConstraints(min_length=1, max_length=LONGEST_TEXT),
        AfterValidator(_says_something),
    ] = Field(json_schema_extra={"examples": ["Slept well."]})


class Accepted(Camel):
    """It stands in the outbox; `Location` says where to ask what became of it."""

    call_id: UUID
    status: Status


class CallStatus(Camel):
    """How a call stands."""

    call_id: UUID
    function: str = Field(description="SystmOne's name of what is done")
    status: Status = Field(
        description="`sending` also while the record is searched for a write that had no answer; "
        "`unknown`: look into SystmOne, nobody could tell whether it was done"
    )
    attempts: int
    event_uids: list[str] = Field(description="SystmOne's UIDs of what was written")
    error: str | None = Field(description="a sentence for people; may hold SystmOne's own words")
    permanent: bool = Field(description="SystmOne refused it: the same again will be refused again")


def accepted(call: Call) -> dict[str, Any]:
    """Return what answers 202."""
    return {"callId": str(call.pk), "status": STATUS_IN_API[State(call.state)]}


def status_of(call: Call) -> dict[str, Any]:
    """Return how `call` stands."""
    outcomes = [attempt.outcome for attempt in call.attempts.all()]
    is_refused = bool(outcomes) and outcomes[-1] == Attempt.Outcome.REFUSED
    return {
        **accepted(call),
        "function": call.function,
        "attempts": len(outcomes),
        "eventUids": call.uids,
        "error": _error(call),
        "permanent": call.state == State.FAILED and is_refused,
    }


def _error(call: Call) -> str | None:
    words = f"SystmOne says: “{call.words}”" if call.words else ""
    return " ".join(part for part in (call.problem, words) if part) or None


class Detail(Schema):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(Schema):
    """The request was refused, or cannot be served now; nothing was done."""

    success: Literal[False]
    error: str = Field(description="a code for programs")
    message: str = Field(description="a sentence for people")
    details: list[Detail]


PROBLEMS = (400, 401, 403, 404, 409, 422, 429, 503)
