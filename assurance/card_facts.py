"""What the diary's cards show of an audit that the dashboard sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assurance.corrections import versions_of, with_corrections
from assurance.models import Outcome, SyncEvent
from assurance.models.event import SUCCESSES
from assurance.readings import in_words, verdict_in_words
from tasks.card_facts import CardFact
from tasks.models import Status, Task
from tasks.shifts import local_date
from tasks.words import clock, date_and_clock
from wards.features import Feature, feature_available

TEMPLATE = "assurance/card_fact.jinja"


@dataclass(frozen=True)
class SyncFact:
    """What one card shows: plain texts."""

    text: str
    readings: tuple[str, ...]
    verdict: str
    out_of_range: bool
    corrections: tuple["SyncFact", ...] = ()


def facts_of(tasks: Sequence[Task]) -> Mapping[int, CardFact]:
    """Return the sync fact of each completed task that the dashboard told of, by task id."""
    completed = {task.pk: task for task in tasks if task.status == Status.COMPLETED}
    if not completed or not feature_available(Feature.ASSURANCE_SYNC):
        return {}
    events = SyncEvent.objects.filter(task__in=completed, outcome__in=SUCCESSES)
    holding = [
        event
        for event in with_corrections(events.select_related("person"))
        if event.task_id and _still_holds(event, completed[event.task_id])
    ]
    # Where several audits came, the latest is shown, but never instead of one out of range.
    holding.sort(key=lambda event: (_was_out_of_range(event), event.completed_at))
    return {event.task_id: CardFact(TEMPLATE, fact(event)) for event in holding if event.task_id}


def fact(event: SyncEvent) -> SyncFact:
    """Return the audit of `event` in words, and its corrections."""
    first, *corrections = versions_of(event)
    return replace(
        _in_words(first, _in_one_line(first)),
        corrections=tuple(
            _in_words(one, f"Corrected on the Assurance Dashboard, synced at {_clock(one)}")
            for one in corrections
        ),
    )


def _in_words(event: SyncEvent, text: str) -> SyncFact:
    return SyncFact(
        text=text,
        readings=tuple(in_words(event.values, event.limits)),
        verdict=verdict_in_words(event.values, event.limits),
        out_of_range=event.out_of_range,
    )


def _in_one_line(event: SyncEvent) -> str:
    """Say who completed the audit, and when the Hub heard of it; the task may be somebody else's.

    A task that was complete already has its own line, which says who completed that.
    """
    also = "Also completed" if event.outcome == Outcome.ALREADY_COMPLETE else "Completed"
    return f"{also} by {event.person_name} on the Assurance Dashboard, synced at {_clock(event)}"


def _still_holds(event: SyncEvent, task: Task) -> bool:
    """A task that was reopened and then completed by hand was not completed by the old audit."""
    return event.outcome != Outcome.COMPLETED or event.completed_at == task.completed_at


def _was_out_of_range(event: SyncEvent) -> bool:
    return any(version.out_of_range for version in versions_of(event))


def _clock(event: SyncEvent) -> str:
    """Return when the Hub heard of it, with the date where that is another day."""
    heard_at = event.synced_at or event.received_at
    if event.completed_at and local_date(heard_at) == local_date(event.completed_at):
        return clock(heard_at)
    return date_and_clock(heard_at)
