"""The outer form of requests and answers (sections Function Requests, Function Responses)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from systmone.simulator.documents import Element, NotXml, build, parse, serialised, text_of

ROOT = "ClientIntegrationRequest"
MANDATORY = ("APIKey", "DeviceID", "DeviceVersion", "RequestUID", "Function", "FunctionVersion")


class NotARequest(Exception):
    """The document is no request; `uid`, `function` and the others are what could be read."""


@dataclass(frozen=True)
class Request:
    """One function request; the texts are as sent, without spaces around them."""

    api_key: str
    device: str
    device_version: str
    uid: str
    function: str
    function_version: str
    drugs: str
    codes: str
    parameters: Element
    document: Element


def read(data: bytes) -> Request:
    """Return the request in this document; its elements may stand in any order."""
    try:
        root = parse(data)
    except NotXml as error:
        raise NotARequest(f"The request is not XML: {error}") from None
    if root.tag != ROOT:
        raise NotARequest(f"The root element must be {ROOT}")
    for tag in MANDATORY:
        if root.find(tag) is None:
            raise NotARequest(f"The element {tag} is missing")
    parameters = root.find("FunctionParameters")
    return Request(
        api_key=text_of(root, "APIKey"),
        device=text_of(root, "DeviceID"),
        device_version=text_of(root, "DeviceVersion"),
        uid=text_of(root, "RequestUID"),
        function=text_of(root, "Function"),
        function_version=text_of(root, "FunctionVersion"),
        drugs=text_of(root, "OutputScheme/Drugs") or "Multilex",
        codes=text_of(root, "OutputScheme/Codes") or "CTV3",
        parameters=build("FunctionParameters") if parameters is None else parameters,
        document=root,
    )


def remains(data: bytes) -> Request:
    """Return what can be read of a broken request, for the answer that says so."""
    found = {
        tag: match[1].decode(errors="replace").strip()
        for tag in MANDATORY
        if (match := re.search(rb"<%b>([^<&\0-\x1f]{1,200})</" % tag.encode(), data))
    }
    nothing = build("Nothing")
    return Request(
        api_key=found.get("APIKey", ""),
        device=found.get("DeviceID", ""),
        device_version=found.get("DeviceVersion", ""),
        uid=found.get("RequestUID", ""),
        function=found.get("Function", ""),
        function_version=found.get("FunctionVersion", ""),
        drugs="",
        codes="",
        parameters=nothing,
        document=nothing,
    )


def answer(request: Request, device: str, content: Iterable[Element]) -> bytes:
    """Return the answer to `request` on one line; the ResponseUID is new."""
    return serialised(
        build(
            "ClientIntegrationResponse",
            [
                build("DeviceID", device),
                build("RequestUID", request.uid),
                build("Function", request.function),
                build("FunctionVersion", request.function_version),
                build("ResponseUID", str(uuid4()).upper()),
                build("Response", content),
            ],
        )
    )


def refusal(request: Request, device: str, message: str, permanence: str) -> bytes:
    """Return the error answer; `permanence` is "true" or "false" (section Error Responses)."""
    return answer(
        request,
        device,
        [build("ErrorMessage", message), build("PermanentError", permanence)],
    )
