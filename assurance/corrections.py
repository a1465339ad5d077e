"""Late corrections: the same audit comes again with other values, and both are kept and shown."""

from collections.abc import Sequence

from django.db.models import Prefetch, QuerySet

from assurance.limits import is_out_of_range, limits_of
from assurance.models import Outcome, SyncEvent
from assurance.settlement import log_receipt, wake_follow_up


def with_corrections(events: QuerySet[SyncEvent]) -> QuerySet[SyncEvent]:
    """Return `events` such that `versions_of` asks no more for each of them."""
    corrections = SyncEvent.objects.filter(outcome=Outcome.CORRECTED).order_by("pk")
    return events.prefetch_related(Prefetch("repeats", corrections, to_attr="corrections"))


def versions_of(event: SyncEvent) -> Sequence[SyncEvent]:
    """Return `event`, the first of its audit, and its corrections, in the order of their coming."""
    known: Sequence[SyncEvent] | None = getattr(event, "corrections", None)
    if known is not None:
        return [event, *known]
    return [event, *event.repeats.filter(outcome=Outcome.CORRECTED).order_by("pk")]


def version_before(correction: SyncEvent) -> SyncEvent:
    """Return what stood when `correction` came."""
    first = correction.repeat_of or correction
    return [one for one in versions_of(first) if one.pk < correction.pk][-1]


def store_again(event: SyncEvent, first: SyncEvent) -> None:
    """Store `event`, which came after `first` of the same audit: a correction, or a repeat.

    Values that stand already are a repeat. In the caller's transaction, which holds the audit.
    """
    stands = versions_of(first)[-1]
    if not event.audit_id or event.values == stands.values:
        store_repeat(event, first)
        return
    event.outcome, event.repeat_of, event.ward = Outcome.CORRECTED, first, first.ward
    event.person, event.person_is_unknown = first.person, first.person_is_unknown
    event.limits = limits_of(first.audit_type, event.values)
    event.out_of_range = is_out_of_range(event.values, event.limits)
    event.needs_follow_up = event.out_of_range != stands.out_of_range
    event.save(force_insert=True)
    if event.needs_follow_up and first.succeeded:
        wake_follow_up(event)
    log_receipt(event)


def store_repeat(event: SyncEvent, first: SyncEvent) -> None:
    """Store `event`, with which `first` came once more."""
    event.outcome, event.repeat_of, event.ward = Outcome.REPEATED, first, first.ward
    event.save(force_insert=True)
    log_receipt(event)
