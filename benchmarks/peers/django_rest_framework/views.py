"""The view: what was sent, and what is answered."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks.peers import contract
from benchmarks.peers.django_rest_framework.serializers import AuditSerializer, details
from benchmarks.peers.django_rest_framework.sync import (
    Caller,
    StillInProgress,
    receive,
    remember_refusal,
)


class Invalid(APIException):
    status_code = 422


class InProgress(APIException):
    status_code = 503
    wait = 5


class SyncView(APIView):
    """Completes the task of an audit."""

    def post(self, request: Request) -> Response:
        facts: dict[str, Any] = {
            "caller": Caller(request.user, request.META["REMOTE_ADDR"], str(uuid4())),
            "at": datetime.now(UTC),
            "payload": contract.payload_text(request._request.body),
        }
        try:
            serializer = AuditSerializer(data=request.data)
            wrong = [] if serializer.is_valid() else details(serializer.errors)
        except ParseError:
            wrong = [{"field": "body", "message": "Must be JSON"}]
        if wrong:
            remember_refusal(outcome="invalid", details=wrong, **facts)
            raise Invalid(wrong)
        try:
            event = receive(audit=serializer.validated_data, **facts)
        except StillInProgress:
            remember_refusal(outcome="in_progress", details=[], **facts)
            raise InProgress from None
        return Response(contract.answer_to(event))


def refused(problem: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a refusal in the contract's shape."""
    if not isinstance(problem, APIException):
        return None
    wrong = problem.detail if isinstance(problem, Invalid) else []
    response = Response(contract.problem(problem.status_code, wrong), problem.status_code)
    if problem.status_code == 401:
        response["WWW-Authenticate"] = "Bearer"
    if wait := getattr(problem, "wait", None):
        response["Retry-After"] = str(wait)
    return response
