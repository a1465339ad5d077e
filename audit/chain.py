"""The hash chain that makes an altered or missing audit event visible."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from itertools import chain as concatenate

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
    text = json.dumps([previous, content], sort_keys=True, cls=DjangoJSONEncoder)
    return salted_hmac(
        "audit.chain", text, secret=settings.HUB_AUDIT_KEY, algorithm="sha256"
    ).hexdigest()


def faults() -> Iterator[Fault]:
    """Walk the whole log and yield every altered, missing or foreign event, oldest first."""
    head = ChainHead.objects.filter(pk=1).first() or ChainHead()
    events = AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000)
    yield from concatenate(_faults_along(events), _faults_at_the_end(head))


def _faults_along(events: Iterable[AuditEvent]) -> Iterator[Fault]:
    expected, previous = 1, ""
    for event in events:
        if event.sequence > expected:
            yield Fault(expected, f"missing up to {event.sequence - 1}")
        elif event.seal != seal(event, previous=previous):
            yield Fault(event.sequence, "altered")
        expected, previous = event.sequence + 1, event.seal


def _faults_at_the_end(head: ChainHead) -> Iterator[Fault]:
    last = AuditEvent.objects.order_by("-sequence").first()
    sequence, last_seal = (last.sequence, last.seal) if last else (0, "")
    if sequence < head.sequence:
        yield Fault(sequence + 1, f"missing up to {head.sequence}")
    elif (sequence, last_seal) != (head.sequence, head.seal):
        yield Fault(sequence, "not the end that the chain remembers")
