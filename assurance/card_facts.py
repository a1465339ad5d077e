"""What the diary's cards show of an audit that the dashboard sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


def facts_of(tasks: Sequence[Task]) -> Mapping[int, CardFact]:
    """Return the sync fact of each completed task that the dashboard told of, by task id."""
    completed = {task.pk: task for task in tasks if task.status == Status.COMPLETED}
    if not completed or not feature_available(Feature.ASSURANCE_SYNC):
        return {}
    events = SyncEvent.objects.filter(task__in=completed, outcome__in=SUCCESSES)
    holding = [
        event
        for event in events.select_related("person")
        if event.task_id and _still_holds(event, completed[event.task_id])
    ]
    # Where several audits came, the latest is shown, but never instead of one out of range.
    holding.sort(key=lambda event: (event.out_of_range, event.completed_at))
    return {event.task_id: CardFact(TEMPLATE, fact(event)) for event in holding if event.task_id}


def fact(event: SyncEvent) -> SyncFact:
    """Return the audit of `event` in words."""
    return SyncFact(
        text=_in_one_line(event),
        readings=tuple(in_words(event.values, event.limits)),
        verdict=verdict_in_words(event.values, event.limits),
        out_of_range=event.out_of_range,
    )


def _in_one_line(event: SyncEvent) -> str:
    """Say who completed the audit, and when the Hub heard of it; the task may be somebody else's.

    A task that was complete already has its own line, which says who completed that.
    """
    also = "Also completed" if event.outcome == Outcome.ALREADY_COMPLETE else "Completed"
    return f"{also} by {event.person_name} on the Assurance Dashboard, synced at {_time(event)}"


def _still_holds(event: SyncEvent, task: Task) -> bool:
    """A task that was reopened and then completed by hand was not completed by the old audit."""
    return event.outcome != Outcome.COMPLETED or event.completed_at == task.completed_at


def _time(event: SyncEvent) -> str:
    if event.synced_at is None or event.completed_at is None:
        return ""
    same_day = local_date(event.synced_at) == local_date(event.completed_at)
    return clock(event.synced_at) if same_day else date_and_clock(event.synced_at)
