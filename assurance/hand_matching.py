"""A person says which task a kept audit belongs to, or that none does."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.timesince import timesince

from assurance.models import Outcome, SyncEvent
from assurance.settlement import Found, candidate, write_down
from audit.events import record
from tasks import actions
from tasks.models import Task
from tasks.shifts import Window, local_date
from wards import wake_up
from wards.actors import Actor, Source
from wards.models import Ward

NEAR = timedelta(days=3)
OFFERED = timedelta(days=28)

SET_ASIDE = ("set_aside_at", "set_aside_by_name", "set_aside_reason")


class NotAsShown(Exception):
    """The audit or the task is not as the page showed it; nothing was changed."""


@dataclass(frozen=True)
class Suggestion:
    """The task that an audit most likely belongs to, and why."""

    task: Task
    why: str


@transaction.atomic
def match_by_hand(*, event: SyncEvent, task: Task, by: Actor) -> SyncEvent:
    """Complete `task`, an open audit task of its ward, with the kept audit `event`.

    It is completed by who did the audit, when they did it; that `by` matched it is in the audit
    log. Raises `NotAsShown`.
    """
    kept = _locked(event)
    open_audits = Task.objects.open().filter(ward=kept.ward).exclude(audit_type="")
    locked = open_audits.select_related("ward").select_for_update(of=("self",), no_key=True)
    if (found := locked.filter(pk=task.pk).first()) is None:
        raise NotAsShown
    who = Actor(kept.person_name, Source.SYNC, kept.person)
    done = actions.complete(task=found, by=who, at=kept.completed_at)
    write_down(event=kept, found=Found(done, Outcome.COMPLETED), at=timezone.now())
    _record("match_by_hand", kept, by, task=done.public_id)
    return kept


@transaction.atomic
def set_aside(*, event: SyncEvent, reason: str, by: Actor, at: datetime | None = None) -> SyncEvent:
    """Note that no task belongs to the kept audit `event`: it is matched no more.

    Raises `NotAsShown`.
    """
    kept = _locked(event)
    kept.set_aside_at, kept.set_aside_by_name = at or timezone.now(), by.name
    kept.set_aside_reason = reason
    kept.save(update_fields=SET_ASIDE)
    _record("set_aside", kept, by)
    return kept


@transaction.atomic
def take_up_again(*, event: SyncEvent, by: Actor) -> SyncEvent:
    """Keep `event`, which was set aside by mistake, and look for its task again.

    Raises `NotAsShown`.
    """
    rows = SyncEvent.objects.filter(set_aside_at__isnull=False, ward__isnull=False)
    locked = rows.select_related("ward").select_for_update(of=("self",)).filter(pk=event.pk).first()
    if locked is None:
        raise NotAsShown
    locked.set_aside_at, locked.set_aside_by_name, locked.set_aside_reason = None, "", ""
    locked.save(update_fields=SET_ASIDE)
    wake_up.on_commit("assurance.jobs.match_kept_audits", [locked.ward_id])
    _record("take_up_again", locked, by)
    return locked


def tasks_to_choose(events: Collection[SyncEvent]) -> Mapping[int, Sequence[Task]]:
    """Return the open audit tasks near each of `events`, by the event's id, in one query."""
    times = [event.completed_at for event in events if event.completed_at]
    if not times:
        return {}
    first, last = local_date(min(times) - OFFERED), local_date(max(times) + OFFERED)
    wards = {event.ward_id for event in events}
    tasks = Task.objects.open().filter(ward__in=wards, due_on__range=(first, last))
    known = list(tasks.exclude(audit_type="").select_related("ward").order_by("due_on", "pk"))
    return {event.pk: [task for task in known if _may_belong(task, event)] for event in events}


def suggestion_for(event: SyncEvent, tasks: Iterable[Task]) -> Suggestion | None:
    """Return the nearest of `tasks` that is of the type of `event`, if any is near."""
    if event.completed_at is None:
        return None
    at = event.completed_at
    same = [(candidate(task).window, task) for task in tasks if task.audit_type == event.audit_type]
    near = [(shift, task) for shift, task in same if shift.distance(at) <= NEAR]
    if not near:
        return None
    shift, task = min(near, key=lambda one: (one[0].distance(at), one[0].start, one[1].pk))
    return Suggestion(task, _why(shift, at))


def _why(shift: Window, at: datetime) -> str:
    nearest = "the nearest open task of this type of audit; the audit was completed"
    if at in shift:
        return f"{nearest} during its shift"
    if at < shift.start:
        return f"{nearest} {timesince(at, shift.start, depth=1)} before its shift began"
    return f"{nearest} {timesince(shift.end, at, depth=1)} after its shift ended"


def _may_belong(task: Task, event: SyncEvent) -> bool:
    if task.ward_id != event.ward_id or event.completed_at is None:
        return False
    return abs(task.due_on - local_date(event.completed_at)) <= OFFERED


def _locked(event: SyncEvent) -> SyncEvent:
    kept = SyncEvent.objects.kept().select_related("client", "ward", "person")
    locked = kept.select_for_update(of=("self",)).filter(pk=event.pk, ward__isnull=False).first()
    if locked is None:
        raise NotAsShown
    return locked


def _record(action: str, event: SyncEvent, by: Actor, **detail: str) -> None:
    ward: Ward | None = event.ward
    record(
        by=by,
        action=f"sync_event.{action}",
        object_type="sync_event",
        object_id=str(event.pk),
        ward=ward.name if ward else "",
        detail={"audit": event.audit_id, **detail},
    )
