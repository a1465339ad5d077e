"""A request of an API client: what it must pass before it is looked at, and what is kept of it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthorizationError, HttpError, Throttled

from assurance import signatures
from assurance.authentication import address_of
from assurance.messages import InvalidRequest
from assurance.models import ApiClient, Outcome
from assurance.rate_limits import count_failed_authentication, count_request
from assurance.sent_keys import Sent, StillInProgress
from assurance.sync import remember_refusal
from wards.encryption import opened
from wards.idempotency import KEY_PATTERN, LONGEST_KEY, KeyReused

LONGEST_PAYLOAD = 20_000  # characters


class SourceNotAllowed(AuthorizationError):
    code = "SOURCE_NOT_ALLOWED"

    def __init__(self, message: str = "This key may not be used from your address") -> None:
        super().__init__(message=message)


class SignatureNotAllowed(SourceNotAllowed):
    def __init__(self) -> None:
        super().__init__(
            "Requests with this key must be signed: check the secret, that the body is sent as it "
            "was signed, and the clock"
        )
        self.details = [
            {"field": "signature", "message": "Missing, wrong, or older than 5 minutes"}
        ]


class ReusedKey(HttpError):
    code = "IDEMPOTENCY_KEY_REUSED"

    def __init__(self) -> None:
        super().__init__(422, "This Idempotency-Key stood for another body before; send a new one")
        self.details = [{"field": "Idempotency-Key", "message": "Stood for another body before"}]


class InProgress(HttpError):
    def __init__(self) -> None:
        super().__init__(503, "The same is being processed already; send it again in a few seconds")


OUTCOMES: dict[type[Exception], Outcome] = {
    SourceNotAllowed: Outcome.SOURCE_NOT_ALLOWED,
    SignatureNotAllowed: Outcome.SOURCE_NOT_ALLOWED,
    Throttled: Outcome.RATE_LIMITED,
    InvalidRequest: Outcome.INVALID,
    ReusedKey: Outcome.INVALID,
    InProgress: Outcome.IN_PROGRESS,
}


def check_may_call(request: HttpRequest, client: ApiClient) -> None:
    """Count a request of `client`.

    Raises SourceNotAllowed where its address or its signature does not hold, InvalidRequest where
    it is too long to be read, and Throttled where there were too many.
    """
    try:
        _check_source(request, client)
    except SourceNotAllowed:
        count_failed_authentication(address_of(request))
        raise
    count_request(client.prefix, address_of(request))


def _check_source(request: HttpRequest, client: ApiClient) -> None:
    if not client.allows(address_of(request)):
        raise SourceNotAllowed
    if secret := opened(client.signing_secret):
        try:
            signatures.check(headers=request.headers, body=_body(request), secret=secret)
        except signatures.NotSigned:
            raise SignatureNotAllowed from None


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise InvalidRequest([{"field": "body", "message": "Must be at most 1 MiB"}]) from None


class Facts(TypedDict):
    """What the actions in `assurance.sync` want to know of a request."""

    client: ApiClient
    received_at: datetime
    payload: str


@dataclass(frozen=True)
class Incoming:
    """A request that has authenticated, and the facts that its event keeps."""

    request: HttpRequest
    client: ApiClient
    received_at: datetime
    payload: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Incoming":
        client: ApiClient = request.auth  # type: ignore[attr-defined]
        return cls(request, client, timezone.now(), _beginning_of_body(request))

    @property
    def facts(self) -> Facts:
        return {
            "client": self.client,
            "received_at": self.received_at,
            "payload": self.payload,
        }

    @property
    def body(self) -> bytes:
        """What was sent. Raises `InvalidRequest` if it is too long, or not JSON by its header."""
        if self.request.content_type != "application/json":
            raise InvalidRequest([{"field": "Content-Type", "message": "Must be application/json"}])
        return _body(self.request)

    @property
    def sent(self) -> Sent | None:
        """The request's `Idempotency-Key`, or `webhook-id`, if it has one.

        What is signed with an id that was there before is the same event sent again, and need not
        be the same letter by letter. Raises `InvalidRequest`.
        """
        if key := self._key("Idempotency-Key"):
            return Sent(f"key {key}", self.body.decode(errors="replace"))
        is_signed = self.client.signing_secret and "webhook-signature" in self.request.headers
        if is_signed and (key := self._key("webhook-id")):
            return Sent(f"webhook {key}", self.request.path)
        return None

    def _key(self, header: str) -> str:
        key = self.request.headers.get(header, "")
        if len(key) > LONGEST_KEY or not re.fullmatch(KEY_PATTERN, key):
            problem = f"Must be at most {LONGEST_KEY} visible ASCII characters, without spaces"
            raise InvalidRequest([{"field": header, "message": problem}])
        return key

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """Check that the client may call; whatever refuses it, also in the block, is remembered."""
        try:
            check_may_call(self.request, self.client)
            yield
        except StillInProgress:
            self._remember(InProgress())
            raise InProgress from None
        except KeyReused:
            self._remember(ReusedKey())
            raise ReusedKey from None
        except tuple(OUTCOMES) as refusal:
            self._remember(refusal)
            raise

    def _remember(self, refusal: Exception) -> None:
        details = getattr(refusal, "details", [])
        remember_refusal(outcome=OUTCOMES[type(refusal)], details=details, **self.facts)


def _beginning_of_body(request: HttpRequest) -> str:
    """Return the beginning of the body as text that every database can hold."""
    try:
        body = request.body[: LONGEST_PAYLOAD * 4]
    except RequestDataTooBig:
        return ""
    return body.decode(errors="replace").replace("\x00", "\ufffd")[:LONGEST_PAYLOAD]
