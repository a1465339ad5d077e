"""A client that knows nothing but bytes: it sends what it is told and reads whole documents."""

import socket
from types import TracebackType
from typing import Self
from uuid import uuid4

from lxml import etree

from systmone.simulator import Simulator

NUMBER = "9434765919"
IDENTITY = f"<Identity><NhsNumber>{NUMBER}</NhsNumber></Identity>"
OPEN = "<LeaveRecordOpen/>"
KEY = "f31e26725b5491f2"
END = b"</ClientIntegrationResponse>\n"
ANSWER_WITHIN = 5.0
SILENT_FOR = 0.3


def request(
    function: str, parameters: str = "", *, device: str, uid: str = "", **other: str
) -> bytes:
    """Return a request as the specification shows it, with its newline."""
    return (
        f"<ClientIntegrationRequest><APIKey>{other.get('key', KEY)}</APIKey>"
        f"<DeviceID>{device}</DeviceID>"
        f"<DeviceVersion>{other.get('version', 'v1.0')}</DeviceVersion>"
        f"<RequestUID>{uid or uuid4()}</RequestUID><Function>{function}</Function>"
        f"<FunctionVersion>{other.get('function_version', '1.0')}</FunctionVersion>"
        f"{other.get('scheme', '')}"
        f"<FunctionParameters>{parameters}</FunctionParameters></ClientIntegrationRequest>\n"
    ).encode()


def event(*content: str, attributes: str = "") -> str:
    """Return the Clinical part of an update."""
    return f"<Clinical><Event {attributes}>{''.join(content)}</Event></Clinical>"


def note(line: str) -> str:
    """Return the Clinical part of an update that adds one line of narrative."""
    return event(f"<Narrative><Line>{line}</Line></Narrative>")


class Answer:
    """One answer document."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.root = etree.fromstring(data)
        (self.response,) = self.root.findall("Response")

    def text(self, path: str) -> str:
        """Return the text at a path below Response."""
        return self.response.findtext(path) or ""

    def texts(self, path: str) -> list[str]:
        """Return all texts at a path below Response."""
        return [found.text or "" for found in self.response.findall(path)]

    def find(self, path: str) -> etree._Element | None:
        """Return the element at a path below Response."""
        return self.response.find(path)

    def findall(self, path: str) -> list[etree._Element]:
        """Return the elements at a path below Response."""
        return self.response.findall(path)

    @property
    def refusal(self) -> tuple[str, str]:
        """The error message and its permanence, both "" where the request was carried out."""
        return self.text("ErrorMessage"), self.text("PermanentError")

    @property
    def permanence(self) -> str:
        """ "true" or "false" of a refusal, "" where the request was carried out."""
        return self.text("PermanentError")


class RawConnection:
    """One connection to a simulator, wherever it runs."""

    def __init__(self, host: str, port: int, device: str = "") -> None:
        self.device = device
        self.socket = socket.create_connection((host, port))
        self.socket.settimeout(ANSWER_WITHIN)
        self._unread = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send these bytes."""
        self.socket.sendall(data)

    def read(self, within: float = ANSWER_WITHIN) -> bytes:
        """Return the next document with its newline; all that came, where the end is first.

        A text may hold newlines, so the document ends after its root's closing tag.
        """
        self.socket.settimeout(within)
        while END not in self._unread:
            piece = self.socket.recv(65536)
            if not piece:
                rest, self._unread = self._unread, b""
                return rest
            self._unread += piece
        document, end, self._unread = self._unread.partition(END)
        return document + end

    def call(self, function: str, parameters: str = "", **other: str) -> Answer:
        """Send a request and return its answer."""
        other.setdefault("device", self.device)
        self.send(request(function, parameters, **other))
        return Answer(self.read())

    def is_silent(self) -> bool:
        """Say whether nothing comes, on a connection that stays open."""
        try:
            self.read(SILENT_FOR)
        except TimeoutError:
            return True
        return False

    def is_closed(self) -> bool:
        """Say whether the other side has ended the connection."""
        try:
            return self.read() == b""
        except ConnectionError:
            return True


class RawClient(RawConnection):
    """A connection to a simulator in this process, from a device that it approved."""

    def __init__(self, simulator: Simulator, *, device: str | None = None) -> None:
        known = simulator.register_device(KEY) if device is None else device
        super().__init__(simulator.host, simulator.port, known)
        self.simulator = simulator
