"""An audit and its task: found by the rule, completed if it is open, written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from benchmarks.peers import contract, seals
from benchmarks.peers.django_rest_framework.models import (
    ApiClient,
    AuditEvent,
    ChainHead,
    Membership,
    ReadingLimit,
    SyncEvent,
    Task,
    TaskEvent,
    User,
    Ward,
)
from benchmarks.peers.limits import is_out_of_range, kept_with
from benchmarks.peers.rule import candidate, choose, days_that_matter


class StillInProgress(Exception):
    """Another request with the same audit has not ended yet."""


@dataclass(frozen=True)
class Caller:
    """Who posts, and from where."""

    client: ApiClient
    address: str
    request_id: str


class Trail:
    """What one request does, for the audit log: noted on the way, sealed at its end.

    Writers queue for the end of the chain until they commit, so nobody takes it before the end.
    """

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.events: list[dict[str, Any]] = []

    def note(self, **facts: Any) -> None:
        self.events.append(
            {
                "source": "sync",
                "address": self.caller.address,
                "request_id": self.caller.request_id,
                "outcome": "done",
                "detail": {},
                **facts,
            }
        )

    def seal(self) -> None:
        head = ChainHead.objects.select_for_update().get(pk=1)
        sealed = []
        for facts in self.events:
            head.sequence += 1
            event = {"sequence": head.sequence, **facts}
            head.seal = seals.seal(event, previous=head.seal, key=settings.AUDIT_KEY)
            sealed.append(AuditEvent(**event, seal=head.seal))
        head.proof = seals.proof(head.sequence, head.seal, key=settings.AUDIT_KEY)
        AuditEvent.objects.bulk_create(sealed)
        head.save()


@dataclass(frozen=True)
class Doer:
    """Who did the audit: a person of the Hub, or only a name that several have."""

    name: str
    user: User | None

    @classmethod
    def among(cls, meant: Sequence[User], sent: str) -> "Doer":
        if len(meant) > 1:
            return cls(" ".join(sent.split()), None)
        return cls(meant[0].name, meant[0])


@transaction.atomic
def receive(*, audit: dict[str, Any], caller: Caller, at: datetime, payload: str) -> SyncEvent:
    """Complete the task of an audit; return the event that answers it, the first of its audit.

    Raises `StillInProgress`.
    """
    _hold(contract.lock_number(caller.client.pk, audit["audit_id"]))
    trail = Trail(caller)
    ward_name = audit.pop("ward")
    event = SyncEvent(
        client=caller.client, received_at=at, ward_name=ward_name, payload=payload, **audit
    )
    events = SyncEvent.objects.filter(client=caller.client, repeat_of=None)
    first = events.filter(audit_id=event.audit_id).select_related("ward").first()
    if first is not None:
        event.outcome, event.repeat_of, event.ward = "repeated", first, first.ward
    else:
        _process(event, trail)
    event.save()
    _note_receipt(event, trail)
    trail.seal()
    return first or event


@transaction.atomic
def remember_refusal(
    *, outcome: str, details: list[dict[str, str]], caller: Caller, at: datetime, payload: str
) -> None:
    """Store a request that was not looked at any further."""
    event = SyncEvent.objects.create(
        client=caller.client, received_at=at, outcome=outcome, details=details, payload=payload
    )
    if outcome != "in_progress":
        trail = Trail(caller)
        _note_receipt(event, trail)
        trail.seal()


def _hold(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (is_held,) = cursor.fetchone()
    if not is_held:
        raise StillInProgress


def _process(event: SyncEvent, trail: Trail) -> None:
    event.ward = Ward.objects.filter(name__iexact=event.ward_name).first()
    if event.ward is None:
        _refuse(event, "ward", "There is no ward of this name.")
    elif not trail.caller.client.reaches(event.ward):
        _refuse(event, "ward", "The key has no access to this ward.")
    else:
        people = _people_with_access_to(event.ward, event.completed_at)
        meant = contract.people_meant(event.completed_by, people)
        if not meant:
            _refuse(event, "completedBy", "Nobody of this name has access to the ward.")
        else:
            by = Doer.among(meant, event.completed_by)
            event.person = by.user
            event.limits = kept_with(
                event.values, ReadingLimit.objects.filter(audit_type=event.audit_type)
            )
            event.out_of_range = is_out_of_range(event.values, event.limits)
            _complete_its_task(event, event.ward, by, trail)


def _refuse(event: SyncEvent, field: str, problem: str) -> None:
    event.outcome, event.needs_follow_up = "ward_mismatch", True
    event.details = [{"field": field, "message": problem}]


def _people_with_access_to(ward: Ward, at: datetime) -> QuerySet[User]:
    current = Membership.objects.filter(Q(expires_at=None) | Q(expires_at__gt=at))
    reaching = current.filter(Q(ward=ward) | Q(role="senior_admin"))
    people = User.objects.filter(is_active=True, pk__in=reaching.values("user"))
    return people.order_by("name")


def _complete_its_task(event: SyncEvent, ward: Ward, by: Doer, trail: Trail) -> None:
    tasks = _locked_tasks_that_may_match(event.audit_type, ward, event.completed_at)
    match = choose(
        [
            candidate(one.pk, one.due_on, one.shift, ward.times(one.shift), is_open=one.is_open)
            for one in tasks
        ],
        event.completed_at,
    )
    if match is None:
        event.outcome, event.needs_follow_up = "no_matching_task", True
        return
    task = next(one for one in tasks if one.pk == match.task_id)
    event.outcome = "completed" if task.is_open else "already_complete"
    if task.is_open:
        _complete(task, ward, at=event.completed_at, by=by, trail=trail)
    event.task, event.task_public_id = task, task.public_id
    event.synced_at = event.received_at
    event.needs_follow_up = event.out_of_range


def _locked_tasks_that_may_match(audit_type: str, ward: Ward, at: datetime) -> list[Task]:
    tasks = Task.objects.filter(ward=ward, audit_type=audit_type, due_on__in=days_that_matter(at))
    return list(tasks.exclude(status="cancelled").select_for_update(no_key=True).order_by("pk"))


def _complete(task: Task, ward: Ward, *, at: datetime, by: Doer, trail: Trail) -> None:
    task.status, task.cancelled_reason = "completed", ""
    task.completed_by, task.completed_by_name, task.completed_at = by.user, by.name, at
    task.version = F("version") + 1
    task.save(
        update_fields=[
            "status",
            "cancelled_reason",
            "completed_by",
            "completed_by_name",
            "completed_at",
            "version",
        ]
    )
    TaskEvent.objects.create(
        task=task, action="complete", at=at, by=by.user, by_name=by.name, source="sync"
    )
    trail.note(
        at=at,
        actor_id=str(by.user.pk) if by.user else "",
        actor_name=by.name,
        action="task.complete",
        object_type="task",
        object_id=task.public_id,
        ward=ward.name,
    )


def _note_receipt(event: SyncEvent, trail: Trail) -> None:
    trail.note(
        at=datetime.now(UTC),
        actor_id="",
        actor_name=trail.caller.client.name,
        action="audit.receive",
        object_type="sync_event",
        object_id=str(event.pk),
        ward=event.ward.name if event.ward else "",
        outcome="refused" if event.outcome in {"ward_mismatch", "invalid"} else "done",
        detail={
            "audit": event.audit_id,
            "outcome": event.outcome,
            "task": event.task_public_id,
        },
    )
