"""A peer that answers each request with bytes of the test's choosing."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

RESPONSE = (
    "<ClientIntegrationResponse><DeviceID>{device}</DeviceID><RequestUID>{uid}</RequestUID>"
    "<Function>{function}</Function><Response>{inside}</Response>{after}"
    "</ClientIntegrationResponse>"
)


def answer(request: bytes, inside: str, *, after: str = "", device: str = "d") -> bytes:
    """A response to `request` with `inside` in its Response, and `after` behind that."""

    def said(tag: str) -> str:
        found = re.search(f"<{tag}>(.*?)</{tag}>", request.decode())
        return found[1] if found else ""

    return RESPONSE.format(
        uid=said("RequestUID"),
        function=said("Function"),
        device=device,
        inside=inside,
        after=after,
    ).encode()


@contextmanager
def peer(reply: Callable[[bytes], bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """The port of a peer that sends `reply(request)` for every line, and what it received."""
    received: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines, suppress(ConnectionError):
            for line in lines:
                received.append(line)
                connection.sendall(reply(line))

    def accept(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=[connection], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=[listener], daemon=True).start()
        yield listener.getsockname()[1], received
        listener.shutdown(socket.SHUT_RDWR)
