"""The keyed hashes of the audit log's chain, in plain Python; a test holds them to `audit`."""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any


def seal(event: Mapping[str, Any], *, previous: str, key: str) -> str:
    """Return the seal of `event`, all its columns but the seal itself, after the one before it."""
    at: datetime = event["at"]
    content = {**event, "at": at.astimezone(UTC).isoformat(timespec="microseconds")}
    return _keyed_hash("audit.chain", [previous, content], key)


def proof(sequence: int, last_seal: str, *, key: str) -> str:
    """Return the proof that the chain ends with the event of this number and seal."""
    return _keyed_hash("audit.head", [sequence, last_seal], key)


def _keyed_hash(purpose: str, content: list[Any], key: str) -> str:
    text = json.dumps(content, sort_keys=True)
    return hmac.new(sha256((purpose + key).encode()).digest(), text.encode(), sha256).hexdigest()
