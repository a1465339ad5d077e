"""What the contract fixes, word by word: keys, sentences, times."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from ipaddress import ip_address, ip_network
from typing import Any, Protocol, TypeVar

from benchmarks.peers.rule import local_date

KEY = re.compile(r"hub_([a-z0-9]{8})_[A-Za-z0-9_-]{43}")
SHOWN_AS_USED_EVERY = timedelta(minutes=1)
LONGEST_PAYLOAD = 20_000  # characters
AUDIT_TYPES = (
    "fridge_temps",
    "water_temps",
    "walkaround",
    "controlled_drugs",
    "resus_check",
    "fire_safety",
    "ligature_check",
)
PROBLEMS = {
    401: ("UNAUTHENTICATED", "Send an API key, or a token, that is in use"),
    403: ("SOURCE_NOT_ALLOWED", "This key may not be used from your address"),
    422: ("VALIDATION_ERROR", "The request is not valid; details names each field"),
    503: ("TEMPORARILY_UNAVAILABLE", "The Hub cannot answer now; try again later"),
}
SENTENCES = {"completed": "Task marked complete", "already_complete": "Task already complete"}


class Person(Protocol):
    name: str
    email: str
    staff_id: str


class Event(Protocol):
    outcome: str
    audit_type: str
    ward_name: str
    completed_at: datetime | None
    task_public_id: str
    synced_at: datetime | None


P = TypeVar("P", bound=Person)


def prefix_of(key: str) -> str | None:
    """Return the part of a key by which its client is found; None for what is no key."""
    shape = KEY.fullmatch(key)
    return shape[1] if shape else None


def is_key(key: str, key_hash: str) -> bool:
    """Say whether `key_hash` is kept of `key`."""
    return compare_digest(key_hash, sha256(key.encode()).hexdigest())


def allows(networks: str, address: str) -> bool:
    """Say whether a client that may post from `networks` may post from `address`."""
    known = [ip_network(line) for line in networks.split()]
    return not known or any(ip_address(address) in network for network in known)


def lock_number(client_id: int, audit_id: str) -> int:
    """Return the number of the advisory lock on a client's audit."""
    name = f"audit\x00{client_id}\x00{audit_id}"
    return int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)


def payload_text(body: bytes) -> str:
    """Return the beginning of a body as text that the database can hold."""
    return body.decode(errors="replace").replace("\x00", "\ufffd")[:LONGEST_PAYLOAD]


def people_meant(sent: str, people: Iterable[P]) -> list[P]:
    """Return the people with that staff id; if none, that e-mail address; if none, that name."""
    wanted, people = _plain(sent), list(people)
    for fact in ("staff_id", "email", "name"):
        if meant := [one for one in people if _plain(getattr(one, fact)) == wanted]:
            return meant
    return []


def answer_to(event: Event) -> dict[str, Any]:
    """Return the body that answers the audit of `event`."""
    if event.synced_at is not None:
        return {
            "success": True,
            "taskId": event.task_public_id,
            "message": SENTENCES[event.outcome],
            "syncedAt": event.synced_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    return {"success": False, "error": event.outcome.upper(), "message": _why_not(event)}


def problem(status: int, details: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """Return the body of a refusal."""
    error, message = PROBLEMS[status]
    return {"success": False, "error": error, "message": message, "details": details or []}


def _why_not(event: Event) -> str:
    if event.outcome == "no_matching_task" and event.completed_at:
        return (
            f"No pending {event.audit_type} task found for {event.ward_name} "
            f"on {local_date(event.completed_at)}"
        )
    return (
        f"There is no ward {event.ward_name}, or the key or the person who completed the audit "
        "has no access to it"
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
