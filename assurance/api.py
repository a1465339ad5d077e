"""`POST /api/assurance/sync`: Power Automate tells that an audit was completed."""

from datetime import datetime

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from ninja.errors import AuthorizationError, Throttled
from ninja.responses import Response

from assurance import openapi
from assurance.answers import answer_to
from assurance.authentication import ApiKey, BearerKey, address_of
from assurance.messages import InvalidRequest, audit_in
from assurance.models import ApiClient, Outcome
from assurance.rate_limits import count_request
from assurance.sync import CompletedAudit, receive, remember_refusal

router = Router(auth=[ApiKey(), BearerKey()], by_alias=True)

LONGEST_PAYLOAD = 20_000  # characters


class SourceNotAllowed(AuthorizationError):
    code = "SOURCE_NOT_ALLOWED"

    def __init__(self) -> None:
        super().__init__(message="This key may not be used from your address")


def check_may_call(request: HttpRequest, client: ApiClient) -> None:
    """Count a request of `client`. Raises SourceNotAllowed or Throttled where it may not come."""
    if not client.allows(address_of(request)):
        raise SourceNotAllowed
    count_request(client.prefix)


@router.post(
    "/sync",
    response={
        200: openapi.Synced | openapi.NotSynced,
        tuple(openapi.PROBLEMS): openapi.Problem,
    },
    operation_id="syncAudit",
    summary="Complete the task of an audit",
    openapi_extra=openapi.SYNC,
)
def sync(request: HttpRequest) -> HttpResponse:
    """Tell the Hub that an audit was completed on the Assurance Dashboard.

    The Hub finds the ward's audit task by type, ward and time, and marks it complete. The same
    `auditId` again changes nothing and gets the same answer, so a request may be sent again after
    429, 503 or a time-out. A request that was understood answers 200, with `success` true or false.
    """
    client: ApiClient = request.auth  # type: ignore[attr-defined]
    received_at = timezone.now()
    payload = _payload(request)
    audit = _checked(request, client, received_at, payload)
    event = receive(audit=audit, client=client, received_at=received_at, payload=payload)
    return Response(answer_to(event))


def _checked(
    request: HttpRequest, client: ApiClient, received_at: datetime, payload: str
) -> CompletedAudit:
    """Return the audit that `request` tells of; if it is refused, remember that, and raise."""
    try:
        check_may_call(request, client)
        return audit_in(_body(request))
    except (SourceNotAllowed, Throttled, InvalidRequest) as refusal:
        remember_refusal(
            client=client,
            outcome=OUTCOMES[type(refusal)],
            received_at=received_at,
            payload=payload,
            details=getattr(refusal, "details", []),
        )
        raise


OUTCOMES: dict[type[Exception], Outcome] = {
    SourceNotAllowed: Outcome.SOURCE_NOT_ALLOWED,
    Throttled: Outcome.RATE_LIMITED,
    InvalidRequest: Outcome.INVALID,
}


def _body(request: HttpRequest) -> bytes:
    if request.content_type != "application/json":
        raise InvalidRequest([{"field": "Content-Type", "message": "Must be application/json"}])
    try:
        return request.body
    except RequestDataTooBig:
        raise InvalidRequest([{"field": "body", "message": "Must be at most 1 MiB"}]) from None


def _payload(request: HttpRequest) -> str:
    """Return the beginning of the body as text that every database can hold."""
    try:
        body = request.body[: LONGEST_PAYLOAD * 4]
    except RequestDataTooBig:
        return ""
    return body.decode(errors="replace").replace("\x00", "\ufffd")[:LONGEST_PAYLOAD]
