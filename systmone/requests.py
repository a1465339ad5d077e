"""Requests to SystmOne as the outbox keeps them: the function's name and its parameters as XML."""

from datetime import datetime

from lxml import etree

from systmone.models import Call
from systmone.protocol.functions import function_named
from systmone.protocol.requests import Request
from systmone.protocol.throttle import Limits
from systmone.protocol.values import Value


def parameters_of(request: Request[Value]) -> str:
    """Return the parameters of `request` as XML. Raises InvalidRequest for what cannot be sent."""
    request.check()
    return etree.tostring(request.parameters(), encoding="unicode")


def request_of(call: Call) -> Request[Value]:
    """Return the request that `call` keeps."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return function_named(call.function).from_xml(etree.fromstring(call.parameters, parser))


def takes_a_record_slot(request: Request[Value], now: datetime) -> bool:
    """Say whether SystmOne's longer limit holds for `request`, sent at `now`."""
    return request.need(now, Limits()).record_limit
