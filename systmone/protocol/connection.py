"""One TCP connection to a SystmOne client: documents out and in, each by a deadline.

Deadlines are seconds of `time.monotonic()`. Every failure says how far the request came.
"""

import socket
import struct
import sys
import time
from contextlib import suppress

from systmone.protocol.errors import NotConnected, NotSent, OutcomeUnknown
from systmone.protocol.framing import DocumentReader

READ_BYTES = 256 * 1024

_ON_OFF_SECONDS = "hh" if sys.platform == "win32" else "ii"
DISCARD_WHAT_IS_UNSENT = struct.pack(_ON_OFF_SECONDS, 1, 0)
SEND_WHAT_IS_UNSENT = struct.pack(_ON_OFF_SECONDS, 0, 0)


class Connection:
    """An open connection. Not thread-safe: the client lets one caller speak at a time."""

    def __init__(self, host: str, port: int, deadline: float, maximum_bytes: int) -> None:
        """Connect. Raises NotConnected."""
        try:
            self._socket = _connected(host, port, deadline)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except (OSError, UnicodeError, OverflowError) as error:
            raise NotConnected(f"No connection to {host}:{port}: {_reason(error)}.") from error
        self._reader = DocumentReader(maximum_bytes)

    def close(self) -> None:
        """Close it; what has not come will not be read."""
        self._socket.close()

    def is_quiet(self) -> bool:
        """Whether the connection is open with nothing to read, as it must be before a request."""
        self._socket.settimeout(0)
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def send(self, document: bytes, deadline: float) -> None:
        """Send `document` whole.

        Until it is answered, what the network has not taken by `deadline`, or when this process
        ends, never leaves: a request must not arrive after somebody has looked whether it did.

        Raises NotSent if not a byte of it left this computer, OutcomeUnknown if some did.
        """
        sent = 0
        view = memoryview(document)
        try:
            self._when_closed(DISCARD_WHAT_IS_UNSENT)
            self._give_up_after(_left(deadline))
            while sent < len(document):
                self._socket.settimeout(_left(deadline))
                sent += self._socket.send(view[sent:])
        except OSError as error:
            if not sent:
                raise NotSent(f"The request could not be sent: {_reason(error)}.") from error
            raise OutcomeUnknown(f"The request was sent in part only: {_reason(error)}.") from error

    def receive(self, deadline: float) -> list[bytes]:
        """The next whole documents, at least one.

        Raises OutcomeUnknown when the connection ends or the deadline passes first, NotTheProtocol
        for what is no response.
        """
        while True:
            try:
                self._socket.settimeout(_left(deadline))
                received = self._socket.recv(READ_BYTES)
            except OSError as error:
                raise OutcomeUnknown(f"No whole answer came: {_reason(error)}.") from error
            if not received:
                raise OutcomeUnknown("No whole answer came: SystmOne closed the connection.")
            if documents := self._reader.feed(received):
                with suppress(OSError):  # it was answered; that it ended meanwhile is no matter
                    self._when_closed(SEND_WHAT_IS_UNSENT)
                return documents

    def _when_closed(self, what: bytes) -> None:
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, what)

    def _give_up_after(self, seconds: float) -> None:
        """Let the system drop what the other side has not taken by then."""
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            milliseconds = max(1, round(seconds * 1000))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)


def _left(deadline: float) -> float:
    """Seconds until `deadline`. Raises TimeoutError when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "the time for it is over"
    return str(getattr(error, "strerror", None) or error)


def _connected(host: str, port: int, deadline: float) -> socket.socket:
    """A connection to the first address of `host` that takes one; the lookup is not timed."""
    failure: OSError = OSError("it has no address")
    for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            return socket.create_connection((str(address[0]), port), timeout=_left(deadline))
        except OSError as error:
            failure = error
    raise failure
