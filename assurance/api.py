"""`/api/assurance/…`: Power Automate, or the dashboard itself, tells of a completed audit."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router
from ninja.responses import Response

from assurance import openapi, webhook_answers
from assurance.answers import answer_to
from assurance.authentication import ApiKey, BearerKey
from assurance.incoming import Incoming
from assurance.messages import audit_in
from assurance.models import SyncEvent
from assurance.sync import keep, keep_other_event, receive
from assurance.webhook_messages import audit_in_event

router = Router(auth=[ApiKey(), BearerKey()], by_alias=True)


@router.post(
    "/sync",
    response={200: openapi.Synced | openapi.NotSynced, **openapi.REFUSED},
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
    incoming = Incoming.of(request)
    with incoming.admitted():
        audit = audit_in(incoming.body)
        event = receive(audit=audit, sent=incoming.sent, **incoming.facts)
    return Response(answer_to(event))


@router.post(
    "/webhook",
    response={202: webhook_answers.EventAccepted, **openapi.REFUSED},
    operation_id="receiveEvent",
    summary="Take an event of the dashboard as it is",
    openapi_extra=webhook_answers.WEBHOOK,
)
def webhook(request: HttpRequest) -> HttpResponse:
    """Take the Assurance Dashboard's own payload, unchanged; it is processed a moment later.

    The address in `Location` tells what became of it. The same audit again, also one that came
    through `/sync`, is the same event. A type of event with which the Hub does nothing is kept.
    """
    incoming = Incoming.of(request)
    with incoming.admitted():
        audit = audit_in_event(incoming.body)
        if audit:
            event = keep(audit=audit, sent=incoming.sent, **incoming.facts)
        else:
            event = keep_other_event(sent=incoming.sent, **incoming.facts)
    response = Response(webhook_answers.accepted(event), status=202)
    response.headers["Location"] = reverse("api:sync_event", args=[event.public_id])
    return response


@router.get(
    "/events/{uuid:event_id}",
    response={200: webhook_answers.EventStatus, **webhook_answers.NOT_TOLD},
    operation_id="getEvent",
    url_name="sync_event",
    summary="What became of an event",
    openapi_extra=webhook_answers.EVENT,
)
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Tell what became of an event that you sent; `result` is what `/sync` would have answered."""
    incoming = Incoming.of(request)
    with incoming.admitted():
        own = SyncEvent.objects.filter(client=incoming.client)
        found = own.select_related("repeat_of").filter(public_id=event_id).first()
    if found is None:
        raise Http404
    return Response(webhook_answers.status_of(found))
