"""What came of one attempt, whatever way it ended; made outside any transaction."""

from dataclasses import dataclass
from typing import Any

from systmone.models import Attempt
from systmone.protocol.answers import Answer
from systmone.protocol.client import Client
from systmone.protocol.errors import (
    Blocked,
    InvalidRequest,
    NotConnected,
    NotSent,
    NotTheProtocol,
    OutcomeUnknown,
    Refused,
    RefusedTemporarily,
    SystmOneError,
)
from systmone.protocol.requests import Request
from systmone.protocol.values import Value

End = Attempt.Outcome


@dataclass(frozen=True)
class Ended:
    """How an attempt ended.

    sentence: what is said of it to staff and in logs; holds no clinical data.
    words: SystmOne's own, for people only.
    """

    outcome: End
    sentence: str = ""
    words: str = ""
    response: Value | None = None
    request_document: bytes = b""
    response_document: bytes = b""


def attempt(client: Client, request: Request[Any], uid: str, within: float) -> Ended:
    """Send `request` once as `uid`, and say how it ended. `within` is seconds for all of it."""
    try:
        answer: Answer[Any] = client.call(request, request_uid=uid, within=within)
    except SystmOneError as error:
        return _failed(error)
    return Ended(
        End.ANSWERED,
        response=answer.response,
        request_document=answer.sent_document,
        response_document=answer.envelope.document,
    )


def _failed(error: SystmOneError) -> Ended:
    outcome = next(end for kind, end in ENDS.items() if isinstance(error, kind))
    return Ended(
        outcome,
        sentence=str(error),
        words=error.words if isinstance(error, Refused) else "",
        request_document=error.sent_document,
        response_document=_received(error),
    )


def _received(error: SystmOneError) -> bytes:
    if isinstance(error, Refused):
        return error.document
    return error.received if isinstance(error, NotTheProtocol) else b""


# The first that fits: a kind stands before the one that it is a kind of.
ENDS: dict[type[SystmOneError], End] = {
    Blocked: End.BLOCKED,
    RefusedTemporarily: End.LATER,
    Refused: End.REFUSED,
    InvalidRequest: End.REFUSED,
    NotTheProtocol: End.NOT_THE_PROTOCOL,
    OutcomeUnknown: End.UNCLEAR,
    NotConnected: End.NOT_SENT,
    NotSent: End.NOT_SENT,
}
