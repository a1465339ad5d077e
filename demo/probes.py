"""Ask a server whether it is ready, and a port whether it is free."""

import http.client
import json
import socket
from pathlib import Path

from demo.console import Problem


def redis_answers(path: Path) -> bool:
    """Say whether the Redis behind the Unix socket `path` answers a PING."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def what_is_missing(port: int) -> str:
    """Say in words what `/health/ready` still waits for; nothing when all is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        response = connection.getresponse()
        return "" if response.status == http.HTTPStatus.OK else describe(response.read())
    except (OSError, http.client.HTTPException):
        return "web: no answer yet"
    finally:
        connection.close()


def describe(body: bytes) -> str:
    """Name the parts of a health report that are not "ok"."""
    try:
        parts = dict(json.loads(body))
    except (ValueError, TypeError):
        return "web: no health report"
    return ", ".join(
        f"{name}: {result}" for name, result in parts.items() if name != "status" and result != "ok"
    )


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def check_port(port: int) -> None:
    """Raise Problem if no server can listen on `port`."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise Problem(
                f"Port {port} cannot be used ({error.strerror}): choose another one, "
                "for instance PORT=8001 make demo."
            ) from None
