"""One run of a Power Automate flow: an audit is posted until the Hub has answered for good.

Its HTTP action retries what may pass by itself (408, 429, 5xx, no answer), and nothing else.
"""

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

TIME_OUT = 30  # seconds
MOST_ATTEMPTS = 12
FIRST_WAIT = 0.5  # seconds; Power Automate's own, some 6 s, would only make the proof longer
LONGEST_WAIT = 5.0
PATH = "/api/assurance/sync"

_here = threading.local()


@dataclass
class Answer:
    """What became of one run: the last answer, and what was met on the way."""

    audit_id: str
    status: int = 0
    body: dict[str, Any] = field(default_factory=dict)
    attempts: int = 0
    seconds: float = 0.0
    statuses: list[int] = field(default_factory=list)
    without_retry_after: int = 0


def run(port: int, key: str, body: dict[str, Any]) -> Answer:
    """Post `body` as a flow does, and return how that ended; status 0 is no answer at all."""
    answer = Answer(str(body.get("auditId", "")))
    started = time.perf_counter()
    while answer.attempts < MOST_ATTEMPTS:
        answer.attempts += 1
        wait = _attempt(answer, port, key, json.dumps(body).encode())
        answer.statuses.append(answer.status)
        if answer.status and answer.status not in (408, 429) and answer.status < 500:
            break
        time.sleep(wait or min(LONGEST_WAIT, FIRST_WAIT * 2**answer.attempts))
    answer.seconds = time.perf_counter() - started
    return answer


def _attempt(answer: Answer, port: int, key: str, body: bytes) -> float:
    """Post once; return how many seconds the Hub asks to wait."""
    headers = {"X-API-Key": key, "Content-Type": "application/json"}
    connection = _connection(port)
    try:
        connection.request("POST", PATH, body, headers)
        response = connection.getresponse()
        answer.status, answer.body = response.status, json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError):
        connection.close()
        answer.status, answer.body = 0, {}
        return 0.0
    asked = response.headers.get("Retry-After", "")
    if response.status >= 500 and not asked:
        answer.without_retry_after += 1
    return float(asked or 0)


def _connection(port: int) -> http.client.HTTPConnection:
    """Return this thread's connection, which stays open from run to run."""
    if not hasattr(_here, "connection"):
        _here.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIME_OUT)
    connection: http.client.HTTPConnection = _here.connection
    return connection
