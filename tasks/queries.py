"""Reads of the diary, always within the user's scope."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.http import Http404

from tasks import shifts
from tasks.models import Kind, Shift, Task, TaskEvent, TaskTemplate
from wards.features import Feature, feature_available
from wards.models import User, Ward

RECENT = timedelta(weeks=4)


def find_task(user: User, public_id: str) -> Task:
    """Return the task that people know as `public_id`.

    Raises Http404 if there is none on the wards that `user` may see, and of the tier's kinds.
    """
    task = (
        Task.objects.visible_to(user)
        .filter(kind__in=kinds_in_this_tier())
        .with_public_id(public_id)
        .select_related("ward", "claimed_by", "guide", "patient")
        .first()
    )
    if task is None:
        raise Http404
    return task


def kinds_in_this_tier() -> Sequence[Kind]:
    """Return the kinds of work that this deployment holds."""
    return list(Kind) if feature_available(Feature.PATIENTS) else [Kind.WARD]


def history_of(task: Task) -> QuerySet[TaskEvent]:
    """Return what happened to `task`, the latest first."""
    return task.events.order_by("-pk")


def proposals_on(ward: Ward, *, now: datetime) -> QuerySet[TaskTemplate]:
    """Return the proposals of a ward that wait or were decided lately, the oldest first."""
    lately = Q(approved_at__gte=now - RECENT) | Q(declined_at__gte=now - RECENT)
    still_wait = Q(approved_at=None, declined_at=None)
    found = TaskTemplate.objects.proposed().filter(still_wait | lately, ward=ward)
    people = found.select_related("ward", "guide", "proposed_by", "approved_by", "declined_by")
    return people.order_by("proposed_at", "pk")


def shift_is_over(wards: Iterable[Ward], now: datetime) -> Q:
    """Return the condition for ward tasks of `wards` whose shift has ended at `now`."""
    wards_by_last_day: dict[tuple[Shift, date], list[int]] = defaultdict(list)
    for ward in wards:
        for shift in Shift:
            wards_by_last_day[shift, _last_day_over(ward, shift, now)].append(ward.pk)
    over = Q(pk__in=[])
    for (shift, day), ward_ids in wards_by_last_day.items():
        over |= Q(shift=shift, due_on__lte=day, ward__in=ward_ids)
    return over


def _last_day_over(ward: Ward, shift: Shift, now: datetime) -> date:
    day = shifts.local_date(now)
    while shifts.window(ward, day, shift).end > now:
        day -= shifts.ONE_DAY
    return day
