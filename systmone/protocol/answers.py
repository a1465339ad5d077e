"""What SystmOne answered: the typed value, or the error that its error document means."""

import re
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from systmone.protocol.envelope import ResponseEnvelope
from systmone.protocol.errors import Blocked, Refused, RefusedPermanently, RefusedTemporarily
from systmone.protocol.values import Value

ResponseT_co = TypeVar("ResponseT_co", bound=Value, covariant=True)

# No text is published; the specification says that the message tells that the request was blocked.
_BLOCKED = re.compile(
    r"\b(request|device|application|connection)( \w+)? (was|is|has been) blocked\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Answer(Generic[ResponseT_co]):
    """A whole answer: `response` typed, `envelope` with the document as it came."""

    response: ResponseT_co
    envelope: ResponseEnvelope
    sent_document: bytes = field(repr=False)


def refusal(answer: ResponseEnvelope, function: str) -> Refused | None:
    """The error that `answer` to `function` means, or None (specification: Error Responses)."""
    words = answer.error_message
    if words is None:
        return None
    if not answer.error_is_permanent:
        return RefusedTemporarily(function, words, answer.document)
    kind = Blocked if _BLOCKED.search(words) else RefusedPermanently
    return kind(function, words, answer.document)
