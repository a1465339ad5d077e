"""Prove that each peer answers as our endpoint does, and leaves the same rows.

    .venv/bin/python -m benchmarks.peers.check

Exits with 1 and says what differs, where anything does.
"""

import http.client
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGTERM
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.bench import PATIENCE, Bench, wait_for
from demo.probes import free_port
from demo.processes import spawn, stop
from tests.servers import running_postgresql

PEERS = ("fastapi_sqlalchemy", "django_rest_framework")
AUDIT = {
    "auditType": "fridge_temps",
    "ward": "Byron",
    "completedBy": "Sarah Johnson",
    "completedAt": "2026-01-27T08:14:32Z",
    "auditId": "audit-1",
    "values": {"currentTemp": 4.2, "inRange": True},
}
WALKAROUND = {"auditType": "walkaround", "values": {}}
REQUESTS: dict[str, Any] = {
    "completes its task": {},
    "again": {},
    "another audit of the same task": {"auditId": "audit-2"},
    "by e-mail address, in both shifts": {**WALKAROUND, "auditId": "audit-3"}
    | {"completedBy": "1@EXAMPLE.nhs.uk", "completedAt": "2026-01-27T14:10:00+00:00"},
    "by one of two of a name": {**WALKAROUND, "auditId": "audit-4"}
    | {"completedBy": "anna  bell", "completedAt": "2026-01-27T15:00:00Z"},
    "beyond the trust's limit": {"auditType": "water_temps", "auditId": "audit-5"}
    | {"values": {"hotTap": 41.5}, "completedAt": "2026-01-27T20:00:00.123456+01:00"},
    "in the night": {"auditType": "ligature_check", "auditId": "audit-6"}
    | {"completedAt": "2026-01-27T02:00:00Z", "ward": " BYRON "},
    "without a task": {"auditType": "resus_check", "auditId": "audit-7"},
    "without a task, again": {"auditType": "resus_check", "auditId": "audit-7"},
    "of an unknown ward": {"ward": "Keats", "auditId": "audit-8"},
    "of a ward beyond the key": {"ward": "Shelley", "auditId": "audit-9"},
    "by an unknown person": {"completedBy": "Nobody Known", "auditId": "audit-10"},
    "an unknown type": {"auditType": "tea"},
    "a time without an offset": {"completedAt": "2026-01-27T08:14:32"},
    "a time to come": {"completedAt": "2126-01-27T08:14:32Z"},
    "a blank ward": {"ward": " "},
    "a field too many": {"colour": "red"},
    "a list among the values": {"values": {"temps": [1]}},
}


def main() -> int:
    """Run every request against ours and against each peer; return the exit status."""
    with TemporaryDirectory() as folder, running_postgresql(Path(folder)) as url:
        bench = Bench(Path(folder), url)
        ours = _ours(bench)
        complaints = [
            complaint
            for peer in PEERS
            for complaint in _differences(peer, ours, _told(bench, peer))
        ]
    print("\n".join(complaints) or f"{len(ours)} answers and rows: the same in each")
    return 1 if complaints else 0


def _ours(bench: Bench) -> dict[str, Any]:
    key = _staged(bench, "ours")
    with bench.serving("ours") as port:
        answers = _answers(port, key)
    return {**answers, **_left(bench, "ours")}


def _told(bench: Bench, peer: str) -> dict[str, Any]:
    key = _staged(bench, peer)
    with serving(bench, peer, peer) as port:
        answers = _answers(port, key)
    return {**answers, **_left(bench, peer)}


@contextmanager
def serving(bench: Bench, database: str, peer: str) -> Iterator[int]:
    """Run `peer` on `database` until the block ends; yield its port."""
    port = free_port()
    command = [sys.executable, "-m", f"benchmarks.peers.{peer}", f"--port={port}"]
    with (bench.folder / f"{database}-{peer}.log").open("wb") as output:
        environment = bench.environment(database)
        server = spawn(command, output=output, environment=environment, death_signal=SIGTERM)
    try:
        wait_for(server, port)
        yield port
    finally:
        stop([server])


def _staged(bench: Bench, database: str) -> str:
    bench.create_database(database, like="empty")
    return bench.call(database, "from benchmarks.peers.stage import stage; stage()").strip()


def _left(bench: Bench, database: str) -> dict[str, Any]:
    code = "from benchmarks.peers.stage import leave; leave()"
    left: dict[str, Any] = json.loads(bench.call(database, code))
    return left


def _answers(port: int, key: str) -> dict[str, Any]:
    bodies = {name: json.dumps({**AUDIT, **changes}) for name, changes in REQUESTS.items()}
    answers = {name: _post(port, key, body) for name, body in bodies.items()}
    answers["no JSON"] = _post(port, key, "{")
    answers["no key"] = _post(port, "", bodies["again"])
    answers["a wrong key"] = _post(port, f"{key[:-1]}{'A' if key[-1] != 'A' else 'B'}", "{}")
    return answers


def _post(port: int, key: str, body: str) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"X-API-Key": key, "Content-Type": "application/json"}
    connection.request("POST", "/api/assurance/sync", body, headers)
    response = connection.getresponse()
    text = response.read()
    connection.close()
    if response.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
        return [response.status, text.decode()]
    answer = json.loads(text)
    if "syncedAt" in answer:
        answer["syncedAt"] = len(answer["syncedAt"])
    if "details" in answer:  # each framework has its own words
        answer["details"] = sorted(detail["field"] for detail in answer["details"])
    return [response.status, answer]


def _differences(peer: str, ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    return [
        f"{peer}: {name}\n  ours:   {ours.get(name)}\n  theirs: {theirs.get(name)}"
        for name in sorted(ours.keys() | theirs.keys())
        if ours.get(name) != theirs.get(name)
    ]


if __name__ == "__main__":
    sys.exit(main())
