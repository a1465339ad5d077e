"""The document around every request and response (specification: XML Overview)."""

from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from systmone.protocol.documents import MAXIMUM_BYTES, Element, parse
from systmone.protocol.errors import InvalidRequest, NotTheProtocol
from systmone.protocol.scalars import NOT_IN_XML


@dataclass(frozen=True)
class OutputScheme:
    """The coding schemes of the response; None leaves it to SystmOne (Multilex and CTV3)."""

    drugs: Literal["Multilex", "Dmd"] | None = None
    codes: Literal["CTV3", "Snomed"] | None = None


DEFAULT_SCHEME = OutputScheme()


@dataclass(frozen=True)
class RequestEnvelope:
    """Everything around a request's parameters (specification: Function Requests)."""

    api_key: str = field(repr=False)
    device_id: str
    device_version: str
    request_uid: str
    function: str
    function_version: str
    output_scheme: OutputScheme = DEFAULT_SCHEME

    def element(self, parameters: Element) -> Element:
        """The whole request with `parameters`.

        Raises InvalidRequest for a fact that XML cannot hold.
        """
        root = etree.Element("ClientIntegrationRequest")
        _append(root, "APIKey", self.api_key)
        _append(root, "DeviceID", self.device_id)
        _append(root, "DeviceVersion", self.device_version)
        _append(root, "RequestUID", self.request_uid)
        _append(root, "Function", self.function)
        _append(root, "FunctionVersion", self.function_version)
        if self.output_scheme != DEFAULT_SCHEME:
            scheme = etree.SubElement(root, "OutputScheme")
            if self.output_scheme.drugs:
                _append(scheme, "Drugs", self.output_scheme.drugs)
            if self.output_scheme.codes:
                _append(scheme, "Codes", self.output_scheme.codes)
        root.append(parameters)
        return root


@dataclass(frozen=True)
class ResponseEnvelope:
    """A response around what the function says (specification: Function Responses).

    `response` is the Response element, `document` the whole answer as it came.
    """

    device_id: str
    request_uid: str
    function: str
    function_version: str
    response_uid: str
    response: Element = field(repr=False)
    document: bytes = field(repr=False)

    @property
    def error_message(self) -> str | None:
        """SystmOne's words where this is an error response, or "" where it gives none.

        An error is one wherever in the document it stands (specification: Error Responses).
        """
        message, permanent = self._anywhere("ErrorMessage"), self._anywhere("PermanentError")
        if message is None and permanent is None:
            return None
        return (message.text or "") if message is not None else ""

    @property
    def error_is_permanent(self) -> bool:
        """What PermanentError says; where it is missing, the error is taken for permanent."""
        said = self._anywhere("PermanentError")
        words = "" if said is None else (said.text or "")
        return words.strip().lower() not in {"false", "0", "no"}

    def _anywhere(self, tag: str) -> Element | None:
        return next(self.response.getroottree().getroot().iter(tag), None)


def read_response(document: bytes, maximum_bytes: int = MAXIMUM_BYTES) -> ResponseEnvelope:
    """Read a whole response document.

    Raises NotTheProtocol for what is no XML, another root, or a response without its Response.
    """
    root = parse(document, maximum_bytes)
    if root.tag != "ClientIntegrationResponse":
        raise NotTheProtocol("its root is not ClientIntegrationResponse", document)
    response = root.find("Response")
    if response is None:
        raise NotTheProtocol("it has no Response", document)

    def said(tag: str) -> str:
        return root.findtext(tag, default="").strip()

    return ResponseEnvelope(
        device_id=said("DeviceID"),
        request_uid=said("RequestUID"),
        function=said("Function"),
        function_version=said("FunctionVersion"),
        response_uid=said("ResponseUID"),
        response=response,
        document=document,
    )


def _append(parent: Element, tag: str, text: str) -> None:
    if NOT_IN_XML.search(text):
        raise InvalidRequest(tag, "Function Requests", "holds a character that XML cannot hold")
    etree.SubElement(parent, tag).text = text
