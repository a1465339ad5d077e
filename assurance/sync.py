"""The one way in: an audit is received, finds its task, completes it, and is remembered.

Source: domain.md, "Audit tasks" and "Assurance sync contract".
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from assurance.corrections import store_again, store_repeat
from assurance.limits import is_out_of_range, limits_of
from assurance.models import ApiClient, Outcome, SyncEvent
from assurance.people import unknown_person, who_completed
from assurance.sent_keys import Sent, StillInProgress, event_of, remember
from assurance.settlement import complete_its_task, log_receipt, save, write_down
from audit.events import recorded_together
from tasks.models import AuditType
from wards import wake_up
from wards.actors import Actor, Source
from wards.locks import try_hold
from wards.models import Ward

logger = structlog.get_logger(__name__)

# A flood must not queue for the audit log, nor who came too soon wait for the first attempt there.
NOT_IN_THE_AUDIT_LOG = (Outcome.RATE_LIMITED, Outcome.IN_PROGRESS)


@dataclass(frozen=True)
class CompletedAudit:
    """An audit as the dashboard completed it.

    completed_by: the person's name; where it came alone, it may be an e-mail address or staff id.
    """

    audit_id: str
    audit_type: AuditType
    ward_name: str
    completed_by: str
    completed_at: datetime
    values: Mapping[str, Any]
    completed_by_email: str = ""
    completed_by_staff_id: str = ""


def receive(
    *,
    audit: CompletedAudit,
    client: ApiClient,
    received_at: datetime,
    payload: str = "",
    sent: Sent | None = None,
) -> SyncEvent:
    """Complete the task that `audit` belongs to and return the event that answers it.

    The same audit again, or the same key, changes nothing: it is recorded, and the event of the
    first is returned.

    Raises `StillInProgress` if another request with this audit has not ended, `KeyReused` if the
    key stands for something else, and `django.db.OperationalError` if the database, or a lock, is
    not available; then nothing is stored.
    """
    event = _event(audit, client=client, received_at=received_at, payload=payload)
    first = _store(event, sent, then=partial(process, at=received_at))
    if first.outcome == Outcome.RECEIVED:  # it came through the webhook, and waits for the job
        return process_waiting(event_id=first.pk) or SyncEvent.objects.get(pk=first.pk)
    return first


def keep(
    *,
    audit: CompletedAudit,
    client: ApiClient,
    received_at: datetime,
    payload: str,
    sent: Sent | None = None,
) -> SyncEvent:
    """Store `audit`, to be processed by a job, and return the event that stands for it.

    The same audit, or key, again is recorded, and the event of the first is returned.
    Raises what `receive` raises.
    """

    def store_and_wake_the_worker(event: SyncEvent) -> None:
        event.save(force_insert=True)
        wake_up.on_commit("assurance.jobs.process", event.pk)
        log_receipt(event)

    event = _event(audit, client=client, received_at=received_at, payload=payload)
    return _store(event, sent, then=store_and_wake_the_worker)


def keep_other_event(
    *, client: ApiClient, received_at: datetime, payload: str, sent: Sent | None = None
) -> SyncEvent:
    """Store an event of a type with which the Hub does nothing. Raises what `receive` raises."""

    def store(event: SyncEvent) -> None:
        event.save(force_insert=True)
        log_receipt(event)

    outcome = Outcome.NOT_AN_AUDIT
    event = SyncEvent(client=client, received_at=received_at, payload=payload, outcome=outcome)
    return _store(event, sent, then=store)


def process_waiting(*, event_id: int) -> SyncEvent | None:
    """Process an audit that `keep` has stored; return None if that is done already.

    Raises what `receive` raises.
    """
    with transaction.atomic():
        rows = SyncEvent.objects.waiting().select_related("client").filter(pk=event_id)
        if (event := rows.first()) is None:
            return None
        _hold_audit_of(event)
        if (event := rows.first()) is None:  # somebody was faster
            return None
        with recorded_together():
            process(event, at=timezone.now())
    _log(event)
    return event


def remember_refusal(
    *,
    client: ApiClient,
    outcome: Outcome,
    received_at: datetime,
    payload: str = "",
    details: Sequence[Mapping[str, str]] = (),
) -> SyncEvent:
    """Store a request that was refused for its form, its address or its number."""
    event = SyncEvent(
        client=client,
        outcome=outcome,
        received_at=received_at,
        payload=payload,
        details=list(details),
    )
    with transaction.atomic():
        event.save(force_insert=True)
        if outcome not in NOT_IN_THE_AUDIT_LOG:
            log_receipt(event)
    _log(event)
    return event


def match_kept(*, ward_ids: Collection[int]) -> list[SyncEvent]:
    """Match the kept audits of these wards again; return those that found their task."""
    waiting = SyncEvent.objects.waiting_for_their_task().filter(ward__in=ward_ids)
    numbers = waiting.order_by("completed_at").values_list("pk", flat=True)
    return [event for pk in list(numbers) if (event := match_again(pk))]


def _event(audit: CompletedAudit, **facts: Any) -> SyncEvent:
    return SyncEvent(outcome=Outcome.RECEIVED, **asdict(audit), **facts)


def _store(event: SyncEvent, sent: Sent | None, *, then: Callable[[SyncEvent], None]) -> SyncEvent:
    """Let `then` store `event`; or store it as one more of another, and return that."""
    with transaction.atomic(), recorded_together():
        known_by_key = event_of(sent, event.client) if sent else None
        first = known_by_key or _first_of_its_audit(event)
        if first is event:
            then(event)
        elif known_by_key:
            store_repeat(event, first)  # however old: the key says that nothing is new
        else:
            store_again(event, first)
        if sent:
            remember(sent, first)
    _log(event)
    return first


def _first_of_its_audit(event: SyncEvent) -> SyncEvent:
    """Return the event that stands for the audit of `event` already, or else `event` itself.

    Nobody else stores one until the transaction ends.
    Raises `StillInProgress` if a request that overlaps with this one is about to become the first.
    """
    if event.audit_id:
        _hold_audit_of(event)
        same = SyncEvent.objects.first_of_each_audit().filter(client_id=event.client_id)
        known = same.filter(audit_id=event.audit_id).values_list("pk", flat=True).first()
        if known is not None:
            return SyncEvent.objects.select_related("client", "ward").get(pk=known)
    return event


def _hold_audit_of(event: SyncEvent) -> None:
    if not try_hold("audit", event.client_id, event.audit_id):
        raise StillInProgress


def process(event: SyncEvent, *, at: datetime) -> None:
    """Check the rights of `event`, find and complete its task; write down at `at` what it is.

    In the caller's transaction, which holds the audit.
    """
    event.ward = Ward.objects.filter(name__iexact=event.ward_name).first()
    if event.ward is None:
        _refuse(event, "ward", "There is no ward of this name.")
    elif not event.client.reaches(event.ward):
        _refuse(event, "ward", "The key has no access to this ward.")
    elif (by := _who_completed(event, event.ward)) is None:
        _refuse(event, "completedBy", "Nobody of this name has access to the ward.")
    else:
        event.person = by.user
        judge(event)
        found = complete_its_task(event=event, ward=event.ward, by=by)
        write_down(event=event, found=found, at=at)


def judge(event: SyncEvent) -> None:
    """Say by the limits of today whether the values of `event` are in range."""
    event.limits = limits_of(event.audit_type, event.values)
    event.out_of_range = is_out_of_range(event.values, event.limits)


def _who_completed(event: SyncEvent, ward: Ward) -> Actor | None:
    ids = {"staff_id": event.completed_by_staff_id, "email": event.completed_by_email}
    by = who_completed(event.completed_by, ward, at=event.completed_at, **ids)
    if by is None and event.client.accepts_unknown_people:
        by = unknown_person(event.completed_by, **ids)
        event.person_is_unknown = by is not None
    return by


def _refuse(event: SyncEvent, field: str, problem: str) -> None:
    event.outcome = Outcome.WARD_MISMATCH
    event.details = [{"field": field, "message": problem}]
    save(event)


@transaction.atomic
def match_again(pk: int) -> SyncEvent | None:
    """Match the kept audit of this number again; return it if it found its task."""
    kept = SyncEvent.objects.kept().select_related("client", "ward", "person")
    event = kept.select_for_update(of=("self",)).filter(pk=pk).first()
    if event is None or event.ward is None:
        return None
    by = Actor(event.person_name, Source.SYNC, event.person)
    found = complete_its_task(event=event, ward=event.ward, by=by)
    if found is None:
        return None
    write_down(event=event, found=found, at=timezone.now())
    return event


def _log(event: SyncEvent) -> None:
    """Names of people stay out of the logs."""
    levels = {Outcome.WARD_MISMATCH: logger.error, Outcome.NO_MATCHING_TASK: logger.warning}
    levels.get(Outcome(event.outcome), logger.info)(
        "audit received",
        sync_event=event.pk,
        client=event.client.name,
        outcome=str(event.outcome),
        audit=event.audit_id,
        audit_type=event.audit_type,
        ward=event.ward_name,
    )
