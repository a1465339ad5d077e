"""`/api/systmone/…`: patients of SystmOne, case notes for it, and what became of a call.

The hallway says who may call (`inpatient_hub.api_callers`); `request.auth` is a `Caller`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Header, Query, Router
from ninja.errors import HttpError
from ninja.responses import Response
from pydantic import StringConstraints

from systmone import api_answers, api_patients, api_tasks
from systmone.lookup import NoGateway, found_by, search
from systmone.models import Call, State
from systmone.models.call import WAITING
from systmone.protocol.errors import InvalidRequest
from systmone.submissions import NotOnTheWards, add_task, write_note
from systmone.waiting import after_a_while, seconds_preferred
from systmone.writing import NotPushed
from wards.api_callers import Caller
from wards.idempotency import KEY_PATTERN, LONGEST_KEY, KeyReused
from wards.models import Ward

router = Router(by_alias=True)

Prefer = Annotated[
    str, Header("", description="`wait=5` waits up to so many seconds, at most 10, for the end")
]
IdempotencyKey = Annotated[
    Annotated[str, StringConstraints(max_length=LONGEST_KEY, pattern=KEY_PATTERN)],
    Header("", description="the same key with the same body is the same call"),
]
PROBLEMS = {api_answers.PROBLEMS: api_answers.Problem}


class Refused(HttpError):
    """What was understood, and cannot be done; nothing was done."""

    def __init__(
        self, status: int, code: str, message: str, details: Sequence[dict[str, str]] = ()
    ) -> None:
        self.code = code
        self.details = details
        super().__init__(status, message)


@router.get(
    "/patients",
    response={200: api_patients.Search, 202: api_answers.Accepted, **PROBLEMS},
    operation_id="searchPatients",
    summary="Look for patients in SystmOne",
)
def patients(
    request: HttpRequest, wanted: Query[api_patients.Wanted], prefer: Prefer = ""
) -> HttpResponse:
    """Look for patients by two or more facts.

    The same search again within a minute is the same call: after 202, ask again. What stands in
    this address is about a patient: keep it out of logs, as the Hub does.
    """
    caller = _caller(request)
    try:
        asked = search(ward=_ward(caller, wanted.ward), wanted=wanted.request, by=caller.by)
    except NoGateway as problem:
        raise Refused(409, "NO_GATEWAY", str(problem)) from None
    except InvalidRequest as problem:
        details = [{"field": problem.field, "message": problem.sentence}]
        raise Refused(422, "VALIDATION_ERROR", "SystmOne cannot look for this", details) from None
    now = after_a_while(asked.pk, seconds_preferred(prefer))
    if now.state in WAITING:
        return _accepted(now, api_answers.accepted(now))
    found = found_by(call=now, by=caller.by) if now.state == State.SUCCEEDED else None
    return Response(api_patients.search_of(now, found))


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
    with _refusals():
        call = write_note(
            caller=_caller(request),
            nhs_number=note.nhs_number,
            text=note.text,
            key=idempotency_key,
        )
    now = after_a_while(call.pk, seconds_preferred(prefer))
    return _accepted(now, api_answers.accepted(now))


@router.get(
    "/tasks",
    response={200: api_tasks.Tasks, **PROBLEMS},
    operation_id="listTasks",
    summary="Tasks that are in SystmOne as well",
)
def tasks(request: HttpRequest) -> HttpResponse:
    """The tasks on your wards that the Hub shares with SystmOne: what is open, or differs."""
    return Response({"tasks": api_tasks.of(_caller(request))})


@router.post(
    "/tasks",
    response={202: api_tasks.AcceptedTask, **PROBLEMS},
    operation_id="sendTask",
    summary="Add a patient's task, and send it to SystmOne",
)
def send_task(
    request: HttpRequest,
    task: api_tasks.NewTask,
    idempotency_key: IdempotencyKey = "",
    prefer: Prefer = "",
) -> HttpResponse:
    """Add a task to the diary of the patient's ward, and send it to SystmOne.

    Send an `Idempotency-Key`, and send the same again after a time-out: it is added once.
    """
    with _refusals():
        call = add_task(
            caller=_caller(request),
            nhs_number=task.nhs_number,
            facts=task.model_dump(exclude={"nhs_number"}),
            key=idempotency_key,
        )
    now = after_a_while(call.pk, seconds_preferred(prefer))
    return _accepted(now, api_tasks.accepted_task(now))


@contextmanager
def _refusals() -> Iterator[None]:
    """Answer what hinders a write in the one form; nothing was done then."""
    try:
        yield
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


def _accepted(call: Call, body: dict[str, Any]) -> HttpResponse:
    """Answer 202, and where to ask what became of it."""
    response = Response(body, status=202)
    response.headers["Location"] = reverse("api:call", args=[call.pk])
    return response


def _ward(caller: Caller, name: str | None) -> Ward:
    """Return the ward from which to look: the one of this name, or the first with a gateway."""
    wards = caller.wards if name is None else caller.wards.filter(name__iexact=name)
    found = wards.order_by(F("gateway_ward").asc(nulls_last=True), "name").first()
    if found is None:
        raise Refused(404, "WARD_NOT_FOUND", "There is no such ward of yours")
    return found


def _caller(request: HttpRequest) -> Caller:
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return caller
