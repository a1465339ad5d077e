"""`/api/systmone/…`: case notes for SystmOne, and what became of a call.

The hallway says who may call (`inpatient_hub.api_callers`); `request.auth` is a `Caller`.
"""

from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Header, Router
from ninja.errors import HttpError
from ninja.responses import Response
from pydantic import StringConstraints

from systmone import api_answers
from systmone.models import Call
from systmone.protocol.errors import InvalidRequest
from systmone.submissions import KeyReused, NotOnTheWards, write_note
from systmone.waiting import after_a_while, seconds_preferred
from systmone.writing import NotPushed
from wards.api_callers import Caller

router = Router(by_alias=True)

Prefer = Annotated[
    str, Header("", description="`wait=5` waits up to so many seconds, at most 10, for the end")
]
IdempotencyKey = Annotated[
    Annotated[str, StringConstraints(max_length=200, pattern=r"^[\x21-\x7e]*$")],
    Header("", description="the same key with the same body is the same call"),
]
PROBLEMS = {api_answers.PROBLEMS: api_answers.Problem}


class Refused(HttpError):
    """What was understood, and cannot be done; nothing was done."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.code = code
        super().__init__(status, message)


@router.post(
    "/notes",
    response={202: api_answers.Accepted, **PROBLEMS},
    operation_id="pushNote",
    summary="Write a case note, and push it to SystmOne",
)
def push_note(
    request: HttpRequest,
    note: api_answers.NewNote,
    idempotency_key: IdempotencyKey = "",
    prefer: Prefer = "",
) -> HttpResponse:
    """Write a case note on the patient's open stay in the Hub, and push it to SystmOne.

    Send an `Idempotency-Key`, and send the same again after a time-out: it is written once.
    """
    try:
        call = write_note(
            caller=_caller(request),
            nhs_number=note.nhs_number,
            text=note.text,
            key=idempotency_key,
        )
    except KeyReused:
        raise Refused(
            422, "IDEMPOTENCY_KEY_REUSED", "This Idempotency-Key stood for another body before"
        ) from None
    except NotOnTheWards:
        raise Refused(
            404, "PATIENT_NOT_FOUND", "Nobody with this NHS number is on your wards now"
        ) from None
    except NotPushed as problem:
        raise Refused(409, "NOT_PUSHED", str(problem)) from None
    except InvalidRequest:
        raise Refused(
            422, "VALIDATION_ERROR", "SystmOne cannot take a character of the text"
        ) from None
    return _accepted(call, prefer)


@router.get(
    "/calls/{uuid:call_id}",
    response={200: api_answers.CallStatus, **PROBLEMS},
    operation_id="getCall",
    url_name="call",
    summary="What became of a call",
)
def call(request: HttpRequest, call_id: UUID, prefer: Prefer = "") -> HttpResponse:
    """How a call of your wards stands, now or when it is done."""
    if not Call.objects.filter(pk=call_id, ward__in=_caller(request).wards).exists():
        raise Http404
    found = after_a_while(call_id, seconds_preferred(prefer))
    return Response(api_answers.status_of(found))


def _accepted(call: Call, prefer: str) -> HttpResponse:
    """Answer 202, after the time that the caller wants to wait for the end."""
    now = after_a_while(call.pk, seconds_preferred(prefer))
    response = Response(api_answers.accepted(now), status=202)
    response.headers["Location"] = reverse("api:call", args=[call.pk])
    return response


def _caller(request: HttpRequest) -> Caller:
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return caller
