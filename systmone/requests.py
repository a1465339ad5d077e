"""Requests as the outbox keeps them, as XML, and the answers that came to them."""

from datetime import datetime

from lxml import etree

from systmone.models import Attempt, Call
from systmone.protocol.documents import parse
from systmone.protocol.envelope import read_response
from systmone.protocol.functions import function_named
from systmone.protocol.identity import Identity
from systmone.protocol.requests import Request
from systmone.protocol.throttle import Limits
from systmone.protocol.values import Value
from wards.encryption import opened

TEST_NUMBERS = "999"


def parameters_of(request: Request[Value]) -> str:
    """Return the parameters of `request` as XML. Raises InvalidRequest for what cannot be sent."""
    request.check()
    return etree.tostring(request.parameters(), encoding="unicode")


def request_of(call: Call) -> Request[Value]:
    """Return the request that `call` keeps. Raises WrongKey where it cannot be read."""
    return function_named(call.function).from_xml(parse(opened(call.parameters).encode()))


def identity_in(call: Call) -> Identity:
    """Return whose record `call` is about, as it was sent: the number may have changed since."""
    identity: Identity | None = getattr(request_of(call), "identity", None)
    if identity is None:
        raise ValueError(f"{call.function} names no patient")
    return Identity(nhs_number=identity.nhs_number, pseudo_number=identity.pseudo_number)


def answer_to(call: Call) -> Value | None:
    """Return what SystmOne answered, or None where there is no answer, or it is not kept.

    Raises WrongKey where it cannot be read.
    """
    answered = call.attempts.filter(outcome=Attempt.Outcome.ANSWERED).exclude(response="").last()
    if answered is None:
        return None
    envelope = read_response(opened(answered.response).encode())
    return function_named(call.function).response.from_xml(envelope.response)


def is_for_tests(request: Request[Value]) -> bool:
    """Say whether `request` names nobody, or a patient who was invented for tests."""
    identity: Identity | None = getattr(request, "identity", None)
    return identity is None or (identity.nhs_number or "").startswith(TEST_NUMBERS)


def takes_a_record_slot(request: Request[Value], now: datetime) -> bool:
    """Say whether SystmOne's longer limit holds for `request`, sent at `now`."""
    return request.need(now, Limits()).record_limit
