"""The hash chain that makes an altered or missing audit event visible."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.crypto import salted_hmac

from audit.models import AuditEvent, ChainHead

SEALED_FIELDS = [field.attname for field in AuditEvent._meta.fields if field.attname != "seal"]


@dataclass(frozen=True)
class Fault:
    """A place where the log is not what was written: the event's number and what is wrong."""

    sequence: int
    problem: str


def seal(event: AuditEvent, *, previous: str) -> str:
    """Return the keyed hash of `event` and of the seal before it, 64 hexadecimal digits."""
    content = {name: getattr(event, name) for name in SEALED_FIELDS}
    content["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return _keyed_hash("audit.chain", [previous, content])


def proof(head: ChainHead) -> str:
    """Return the keyed hash that shows that `head` was written by us."""
    return _keyed_hash("audit.head", [head.sequence, head.seal])


def faults() -> Iterator[Fault]:
    """Walk the whole log and yield every altered, missing or foreign event, oldest first.

    The end is read before and after the walk: what people add meanwhile is no fault.
    """
    head = _head()
    expected, previous, seal_at_head = 1, "", ""
    for event in AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000):
        if event.sequence > expected:
            yield Fault(expected, f"missing up to {event.sequence - 1}")
        elif event.seal != seal(event, previous=previous):
            yield Fault(event.sequence, "altered")
        expected, previous = event.sequence + 1, event.seal
        if event.sequence == head.sequence:
            seal_at_head = event.seal
    if expected <= head.sequence:
        yield Fault(expected, f"missing up to {head.sequence}")
    elif seal_at_head != head.seal or head.proof != (proof(head) if head.sequence else ""):
        yield Fault(head.sequence, "not the end that the chain remembers")
    elif expected - 1 > (remembered := _head().sequence):
        yield Fault(remembered + 1, "after the end that the chain remembers")


def _head() -> ChainHead:
    return ChainHead.objects.filter(pk=1).first() or ChainHead()


def _keyed_hash(purpose: str, content: list[Any]) -> str:
    text = json.dumps(content, sort_keys=True, cls=DjangoJSONEncoder)
    key = settings.HUB_AUDIT_KEY
    return salted_hmac(purpose, text, secret=key, algorithm="sha256").hexdigest()
