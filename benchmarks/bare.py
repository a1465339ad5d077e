"""The sync endpoint's statements in a bare psycopg loop: no HTTP, no ORM, no checks of the body.

    python -m benchmarks.bare KEY CONNECTIONS < audits.json

Prints what each audit took, as `benchmarks.callers.Run` holds it. Half of the connections run in a
second process. `tests/test_benchmarks.py` holds the statements to those of the endpoint.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import django
import psycopg
from psycopg.rows import namedtuple_row
from psycopg.types.json import Jsonb

django.setup()

from audit import chain  # noqa: E402
from audit.models import AuditEvent, ChainHead  # noqa: E402
from benchmarks.callers import Audit, Run  # noqa: E402

PROCESSES = 2
ONE_DAY = timedelta(days=1)

CLIENT = """
    SELECT id, name, prefix, key_hash, all_wards, allowed_networks, acts_for_id, created_at,
        last_used_at, revoked_at
    FROM assurance_apiclient WHERE revoked_at IS NULL AND prefix = %s LIMIT 1
"""
HOLD = "SELECT pg_try_advisory_xact_lock(%s)"
KNOWN = """
    SELECT id FROM assurance_syncevent
    WHERE repeat_of_id IS NULL AND audit_id <> '' AND client_id = %s AND audit_id = %s
    ORDER BY received_at DESC, id DESC LIMIT 1
"""
WARD = "SELECT * FROM wards_ward WHERE upper(name) = upper(%s) ORDER BY name LIMIT 1"
PEOPLE = """
    SELECT id, name, email, staff_id FROM wards_user WHERE id IN (
        SELECT user_id FROM wards_membership INNER JOIN wards_user AS member ON user_id = member.id
        WHERE (expires_at IS NULL OR expires_at > %s) AND member.is_active
            AND (ward_id = %s OR role = 'senior_admin')
    ) ORDER BY name
"""
LIMITS = """
    SELECT id, audit_type, reading, unit, lowest, highest
    FROM assurance_readinglimit WHERE audit_type = %s ORDER BY audit_type, reading
"""
TASKS = """
    SELECT * FROM tasks_task
    WHERE ward_id = %s AND audit_type = %s AND due_on IN (%s, %s) AND status <> 'cancelled'
    ORDER BY id FOR NO KEY UPDATE
"""
COMPLETE = """
    UPDATE tasks_task SET status = 'completed', completed_by_id = %s, completed_by_name = %s,
        completed_at = %s, cancelled_reason = '', version = version + 1
    WHERE id = %s AND version = %s
"""
HISTORY = """
    INSERT INTO tasks_taskevent (task_id, action, at, by_id, by_name, source, reason)
    VALUES (%s, 'complete', %s, %s, %s, 'sync', '') RETURNING id
"""
HEAD = "SELECT id, sequence, seal, proof FROM audit_chainhead WHERE id = 1 FOR UPDATE"
FIELDS = (
    *("sequence", "at", "actor_id", "actor_name", "source", "address", "request_id", "action"),
    *("object_type", "object_id", "ward", "outcome", "detail", "seal"),
)
ROW = f"({', '.join(['%s'] * len(FIELDS))})"
AUDIT_EVENTS = f"INSERT INTO audit_auditevent ({', '.join(FIELDS)}) VALUES {ROW}, {ROW}"  # noqa: S608
MOVE_HEAD = "UPDATE audit_chainhead SET sequence = %s, seal = %s, proof = %s WHERE id = 1"
RECEIVED = """
    INSERT INTO assurance_syncevent (client_id, received_at, audit_id, audit_type, ward_name,
        completed_by, completed_at, values, payload, task_public_id, ward_id, person_id, task_id,
        synced_at, public_id, outcome, completed_by_email, completed_by_staff_id,
        person_is_unknown, limits, out_of_range, set_aside_by_name, set_aside_reason, details,
        needs_follow_up)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
        'completed', '', '', false, '{}', false, '', '', '[]', false)
    RETURNING id
"""
STATEMENTS = (
    *(CLIENT, HOLD, KNOWN, WARD, PEOPLE, LIMITS, TASKS, COMPLETE, HISTORY, RECEIVED),
    *(HEAD, AUDIT_EVENTS, MOVE_HEAD),
)
"""In the order in which they are sent."""


@dataclass
class Entry:
    """An event of the audit log, as far as its seal and its row need it."""

    at: datetime
    actor_id: str
    actor_name: str
    action: str
    object_type: str
    object_id: str
    ward: str
    detail: dict[str, str] = field(default_factory=dict)
    request_id: str = field(default_factory=lambda: str(uuid4()))
    source: str = "sync"
    address: str = "127.0.0.1"
    outcome: str = "done"
    sequence: int = 0
    seal: str = ""


class Loop:
    """One connection, on which audits are received one after the other."""

    def __init__(self, key: str) -> None:
        self.prefix = key.split("_")[1]
        address = urlsplit(os.environ["DATABASE_URL"])
        self.connection = psycopg.connect(
            host=unquote(address.hostname or ""),
            user=address.username,
            dbname=address.path.strip("/"),
            row_factory=namedtuple_row,
            autocommit=True,
        )

    def receive(self, audit: Audit) -> float:
        """Do what the endpoint does with `audit`; return the seconds that it took."""
        started = time.perf_counter()
        client = self._row(CLIENT, self.prefix)
        with self.connection.transaction():
            self._settle(audit, client)
        return time.perf_counter() - started

    def _settle(self, audit: Audit, client: Any) -> None:
        now, at = datetime.now(UTC), datetime.fromisoformat(audit["completedAt"])
        self._row(HOLD, hash(audit["auditId"]))
        self._row(KNOWN, client.id, audit["auditId"])
        ward = self._row(WARD, audit["ward"])
        people: list[Any] = self.connection.execute(PEOPLE, [at, ward.id]).fetchall()
        person = next(one for one in people if one.name == audit["completedBy"])
        self.connection.execute(LIMITS, [audit["auditType"]]).fetchall()
        days = at.date() - ONE_DAY, at.date()
        tasks: list[Any] = self.connection.execute(
            TASKS, [ward.id, audit["auditType"], *days]
        ).fetchall()
        task = next(one.id for one in tasks if audit["auditId"] == f"audit-{one.id}")
        self.connection.execute(COMPLETE, [person.id, person.name, at, task, 1])
        self._row(HISTORY, task, at, person.id, person.name)
        public_id = f"wt{task}"
        event = self._row(
            RECEIVED,
            *(client.id, now, audit["auditId"], audit["auditType"], audit["ward"]),
            *(person.name, at, Jsonb(audit["values"]), json.dumps(audit), public_id),
            *(ward.id, person.id, task, now, str(uuid4())),
        )
        detail = {"audit": audit["auditId"], "outcome": "completed", "task": public_id}
        self._record(
            Entry(at, str(person.id), person.name, "task.complete", "task", public_id, ward.name),
            Entry(
                *(now, "", client.name, "audit.receive", "sync_event", str(event.id), ward.name),
                detail=detail,
            ),
        )

    def _record(self, *entries: Entry) -> None:
        """Seal the entries, and write them as the new end of the audit log."""
        head = self._row(HEAD)
        values: list[object] = []
        for number, entry in enumerate(entries, start=head.sequence + 1):
            entry.sequence = number
            entry.seal = chain.seal(cast(AuditEvent, entry), previous=head.seal)
            head = entry
            values += [getattr(entry, name) for name in FIELDS]
        plain = [Jsonb(value) if isinstance(value, dict) else value for value in values]
        self.connection.execute(AUDIT_EVENTS.encode(), plain)
        proof = chain.proof(cast(ChainHead, head))
        self.connection.execute(MOVE_HEAD, [head.sequence, head.seal, proof])

    def _row(self, statement: str, *values: object) -> Any:
        return self.connection.execute(statement.encode(), values).fetchone()


def receive_all(key: str, audits: Sequence[Audit], connections: int) -> Run:
    """Receive each audit once, over so many connections of this process."""
    loops = [Loop(key) for _ in range(connections)]
    waiting = iter(audits)
    started = time.perf_counter()
    with ThreadPoolExecutor(connections) as threads:
        times = threads.map(lambda loop: [loop.receive(audit) for audit in waiting], loops)
        each = [one for many in times for one in many]
    return Run(each, time.perf_counter() - started)


def main() -> None:
    """Receive the audits that are read from standard input."""
    key, connections, audits = sys.argv[1], int(sys.argv[2]), json.load(sys.stdin)
    processes = min(PROCESSES, connections)
    shares = [audits[number::processes] for number in range(processes)]
    with ProcessPoolExecutor(processes) as pool:
        many = connections // processes
        runs = list(pool.map(receive_all, [key] * processes, shares, [many] * processes))
    each = [one for run in runs for one in run.each]
    print(json.dumps(asdict(Run(each, max(run.whole for run in runs)))))


if __name__ == "__main__":
    main()
