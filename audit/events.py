"""The one way to write the audit log."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone
from structlog.contextvars import get_contextvars

from audit.chain import proof, seal
from audit.models import AuditEvent, ChainHead, Outcome

_recorded_together: ContextVar[list[AuditEvent] | None] = ContextVar(
    "recorded_together", default=None
)


class Who(Protocol):
    """A person, or the client, job or command that acted."""

    @property
    def user_id(self) -> str:
        """The person's user id; empty for machines."""

    @property
    def name(self) -> str: ...

    @property
    def source(self) -> str:
        """Where it came through: `web`, `admin`, `api`, `sync`, `job` or `command`."""


def record(
    *,
    by: Who,
    action: str,
    object_type: str = "",
    object_id: str = "",
    ward: str = "",
    outcome: Outcome = Outcome.DONE,
    detail: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditEvent:
    """Add an event to the audit log, in the transaction of the change that it tells of.

    The caller's address and request id come from the request in progress. Call it last in the
    transaction: writers queue for the end of the chain until the transaction ends.

    Args:
        by: who acted.
        action: what was done, as `room.verb`, for example `task.complete`.
        object_type, object_id, ward: what it was done to: `task`, `wt123`, the ward's name.
        detail: further facts that JSON can hold; never free text about a patient.
        at: an aware time; now, if left out.
    """
    context = get_contextvars()
    return _kept(
        AuditEvent(
            at=at or timezone.now(),
            actor_id=by.user_id,
            actor_name=by.name,
            source=by.source,
            address=context.get("ip") or "",
            request_id=context.get("request_id") or "",
            action=action,
            object_type=object_type,
            object_id=object_id,
            ward=ward,
            outcome=outcome,
            detail=_as_every_database_keeps_it(detail or {}),
        )
    )


def _kept(event: AuditEvent) -> AuditEvent:
    """Add `event` to the chain now, or with those beside which it is recorded."""
    waiting = _recorded_together.get()
    if waiting is None:
        _append([event])
    else:
        waiting.append(event)
    return event


@contextmanager
def recorded_together() -> Iterator[None]:
    """Write what is recorded inside all at once, at its end: the chain is locked for less time.

    Stands around the work of one transaction, of which no part may be undone on its own.
    """
    if _recorded_together.get() is not None:
        yield
        return
    waiting: list[AuditEvent] = []
    token = _recorded_together.set(waiting)
    try:
        yield
    finally:
        _recorded_together.reset(token)
    if waiting:
        _append(waiting)


@transaction.atomic(savepoint=False)  # whatever fails here must undo the change, too
def _append(events: Sequence[AuditEvent]) -> None:
    head = _locked_head()
    for event in events:
        event.sequence = head.sequence + 1
        event.seal = seal(event, previous=head.seal)
        head.sequence, head.seal = event.sequence, event.seal
    AuditEvent._base_manager.bulk_create(events)  # the only way in; others are refused
    head.proof = proof(head)
    head.save()


def _locked_head() -> ChainHead:
    head = ChainHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        ChainHead.objects.bulk_create([ChainHead()], ignore_conflicts=True)
        head = ChainHead.objects.select_for_update().get(pk=1)
    return head


def _as_every_database_keeps_it(detail: Mapping[str, Any]) -> dict[str, Any]:
    """Return `detail` as PostgreSQL will give it back: 1e20 without exponent, keys as text."""

    def number(text: str) -> float | int:
        value = float(text)
        return int(value) if value.is_integer() else value

    plain: dict[str, Any] = json.loads(json.dumps(detail, allow_nan=False), parse_float=number)
    return plain
