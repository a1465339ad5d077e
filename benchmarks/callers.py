"""Callers that post over connections which stay open, each as soon as its last answer is there."""

import json
import socket
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

PATIENCE = 60  # seconds
PATH = "/api/assurance/sync"

Audit = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """What some requests took, one by one and all together, in seconds."""

    each: Sequence[float]
    whole: float

    @property
    def rate(self) -> float:
        return len(self.each) / self.whole

    @property
    def p50(self) -> float:
        return statistics.median(self.each)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.each, n=100)[98]

    def __add__(self, other: Self) -> "Run":
        return Run([*self.each, *other.each], self.whole + other.whole)


def post_all(port: int, key: str, audits: Sequence[Audit], *, connections: int) -> Run:
    """Post each audit once, over so many connections. Raises RuntimeError unless all succeed."""
    waiting = iter([_request(audit, key) for audit in audits])

    def work(_: int) -> list[float]:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            return [_seconds(connection, request) for request in waiting]

    started = time.perf_counter()
    with ThreadPoolExecutor(connections) as threads:
        times = list(threads.map(work, range(connections)))
    return Run([one for many in times for one in many], time.perf_counter() - started)


def _request(audit: Audit, key: str) -> bytes:
    body = json.dumps(audit).encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _seconds(connection: socket.socket, request: bytes) -> float:
    started = time.perf_counter()
    connection.sendall(request)
    head, body = _answer(connection)
    seconds = time.perf_counter() - started
    if not head.startswith(b"HTTP/1.1 200") or json.loads(body)["success"] is not True:
        raise RuntimeError(f"A request was not served: {head!r} {body!r}")
    return seconds


def _answer(connection: socket.socket) -> tuple[bytes, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += _more(connection)
    return head, body


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    if not received:
        raise RuntimeError("The server hung up.")
    return received
