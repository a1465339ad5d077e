"""An audit and its task: found by the rule, completed if it is open, written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from benchmarks.peers import contract
from benchmarks.peers.fastapi_sqlalchemy.messages import AuditMessage
from benchmarks.peers.fastapi_sqlalchemy.models import (
    ApiClient,
    Membership,
    ReadingLimit,
    SyncEvent,
    Task,
    TaskEvent,
    User,
    Ward,
    client_wards,
)
from benchmarks.peers.fastapi_sqlalchemy.trail import Caller, Trail
from benchmarks.peers.limits import is_out_of_range, kept_with
from benchmarks.peers.rule import candidate, choose, days_that_matter


class StillInProgress(Exception):
    """Another request with the same audit has not ended yet."""


@dataclass(frozen=True)
class Doer:
    """Who did the audit: a person of the Hub, or only a name that several have."""

    name: str
    user_id: int | None

    @classmethod
    def among(cls, meant: Sequence[User], sent: str) -> "Doer":
        if len(meant) > 1:
            return cls(" ".join(sent.split()), None)
        return cls(meant[0].name, meant[0].id)


async def client_with_key(session: AsyncSession, key: str) -> ApiClient | None:
    """Return the client whose current key is `key`."""
    prefix = contract.prefix_of(key)
    current = select(ApiClient).where(ApiClient.prefix == prefix, ApiClient.revoked_at.is_(None))
    client = await session.scalar(current) if prefix else None
    if client is None or not contract.is_key(key, client.key_hash):
        return None
    now = datetime.now(UTC)
    long_ago = now - contract.SHOWN_AS_USED_EVERY
    if client.last_used_at is None or client.last_used_at < long_ago:
        await session.execute(
            update(ApiClient).where(ApiClient.id == client.id).values(last_used_at=now)
        )
    return client


async def receive(
    session: AsyncSession, *, message: AuditMessage, caller: Caller, at: datetime, payload: str
) -> SyncEvent:
    """Complete the task of an audit; return the event that answers it, the first of its audit.

    Raises `StillInProgress`.
    """
    number = contract.lock_number(caller.client.id, message.audit_id)
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(number))):
        raise StillInProgress
    event = SyncEvent(
        client_id=caller.client.id,
        received_at=at,
        audit_id=message.audit_id,
        audit_type=message.audit_type,
        ward_name=message.ward,
        completed_by=message.completed_by,
        completed_at=message.completed_at,
        values=message.values,
        task_public_id="",
        payload=payload,
    )
    trail = Trail(caller)
    first = await _first_of_its_audit(session, caller.client, message.audit_id)
    if first is not None:
        event.outcome, event.repeat_of_id, event.ward = "repeated", first.id, first.ward
    else:
        await _process(session, event, message.completed_at, trail)
    await _store(session, event)
    _note_receipt(event, trail)
    await trail.seal(session)
    return first or event


async def remember_refusal(
    session: AsyncSession,
    *,
    outcome: str,
    details: list[dict[str, str]],
    caller: Caller,
    at: datetime,
    payload: str,
) -> None:
    """Store a request that was not looked at any further."""
    event = SyncEvent(
        client_id=caller.client.id,
        received_at=at,
        outcome=outcome,
        audit_id="",
        task_public_id="",
        details=details,
        payload=payload,
    )
    await _store(session, event)
    if outcome != "in_progress":
        trail = Trail(caller)
        _note_receipt(event, trail)
        await trail.seal(session)


async def _first_of_its_audit(
    session: AsyncSession, client: ApiClient, audit_id: str
) -> SyncEvent | None:
    return await session.scalar(
        select(SyncEvent)
        .options(joinedload(SyncEvent.ward))
        .where(
            SyncEvent.client_id == client.id,
            SyncEvent.audit_id == audit_id,
            SyncEvent.repeat_of_id.is_(None),
        )
    )


async def _process(
    session: AsyncSession, event: SyncEvent, completed_at: datetime, trail: Trail
) -> None:
    ward = await session.scalar(
        select(Ward).where(func.upper(Ward.name) == event.ward_name.upper())
    )
    event.ward = ward
    if ward is None:
        _refuse(event, "ward", "There is no ward of this name.")
    elif not await _reaches(session, trail.caller.client, ward):
        _refuse(event, "ward", "The key has no access to this ward.")
    else:
        people = await _people_with_access_to(session, ward, completed_at)
        meant = contract.people_meant(event.completed_by, people)
        if not meant:
            _refuse(event, "completedBy", "Nobody of this name has access to the ward.")
        else:
            by = Doer.among(meant, event.completed_by)
            event.person_id = by.user_id
            await _judge(session, event)
            await _complete_its_task(session, event, completed_at, ward, by=by, trail=trail)


def _refuse(event: SyncEvent, field: str, problem: str) -> None:
    event.outcome, event.needs_follow_up = "ward_mismatch", True
    event.details = [{"field": field, "message": problem}]


async def _reaches(session: AsyncSession, client: ApiClient, ward: Ward) -> bool:
    if client.all_wards:
        return True
    links = client_wards.c
    linked = exists().where(links.apiclient_id == client.id, links.ward_id == ward.id)
    return bool(await session.scalar(select(linked)))


async def _people_with_access_to(session: AsyncSession, ward: Ward, at: datetime) -> list[User]:
    memberships = (
        select(Membership.user_id)
        .where(or_(Membership.expires_at.is_(None), Membership.expires_at > at))
        .where(or_(Membership.ward_id == ward.id, Membership.role == "senior_admin"))
    )
    people = select(User).where(User.is_active, User.id.in_(memberships)).order_by(User.name)
    return list(await session.scalars(people))


async def _judge(session: AsyncSession, event: SyncEvent) -> None:
    known = select(ReadingLimit).where(ReadingLimit.audit_type == event.audit_type)
    limits = await session.scalars(known)
    event.limits = kept_with(event.values, limits)
    event.out_of_range = is_out_of_range(event.values, event.limits)


async def _complete_its_task(
    session: AsyncSession,
    event: SyncEvent,
    at: datetime,
    ward: Ward,
    *,
    by: Doer,
    trail: Trail,
) -> None:
    tasks = await _locked_tasks_that_may_match(session, event.audit_type, ward, at)
    match = choose(
        [
            candidate(one.id, one.due_on, one.shift, ward.times(one.shift), is_open=one.is_open)
            for one in tasks
        ],
        at,
    )
    if match is None:
        event.outcome, event.needs_follow_up = "no_matching_task", True
        return
    task = next(one for one in tasks if one.id == match.task_id)
    event.outcome = "completed" if task.is_open else "already_complete"
    if task.is_open:
        _complete(session, task, ward, at=at, by=by, trail=trail)
    event.task_id, event.task_public_id = task.id, task.public_id
    event.synced_at = event.received_at
    event.needs_follow_up = event.out_of_range


async def _locked_tasks_that_may_match(
    session: AsyncSession, audit_type: str, ward: Ward, at: datetime
) -> Sequence[Task]:
    rows = await session.scalars(
        select(Task)
        .where(
            Task.ward_id == ward.id,
            Task.audit_type == audit_type,
            Task.due_on.in_(days_that_matter(at)),
            Task.status != "cancelled",
        )
        .order_by(Task.id)
        .with_for_update(key_share=True)
    )
    return rows.all()


def _complete(
    session: AsyncSession, task: Task, ward: Ward, *, at: datetime, by: Doer, trail: Trail
) -> None:
    task.status, task.cancelled_reason = "completed", ""
    task.completed_by_id, task.completed_by_name, task.completed_at = by.user_id, by.name, at
    session.add(
        TaskEvent(
            task_id=task.id,
            action="complete",
            at=at,
            by_id=by.user_id,
            by_name=by.name,
            source="sync",
        )
    )
    trail.note(
        at=at,
        actor_id=str(by.user_id or ""),
        actor_name=by.name,
        action="task.complete",
        object_type="task",
        object_id=task.public_id,
        ward=ward.name,
    )


async def _store(session: AsyncSession, event: SyncEvent) -> None:
    session.add(event)
    await session.flush()


def _note_receipt(event: SyncEvent, trail: Trail) -> None:
    trail.note(
        at=datetime.now(UTC),
        actor_id="",
        actor_name=trail.caller.client.name,
        action="audit.receive",
        object_type="sync_event",
        object_id=str(event.id),
        ward=event.ward.name if event.ward else "",
        outcome="refused" if event.outcome in ("ward_mismatch", "invalid") else "done",
        detail={
            "audit": event.audit_id,
            "outcome": event.outcome,
            "task": event.task_public_id,
        },
    )
