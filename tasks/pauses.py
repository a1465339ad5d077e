"""Which tasks wait while their patient is absent without leave.

A pause is no row and no column: a task is paused while its patient is absent from the task's ward
and the ward lets its category wait. So nothing can be forgotten or left behind: a task that is
added or changed during the absence, or a rule that is, counts at once, and with the return
everything is exactly as before. Actions ask while they hold the stay, which a change of its status
holds as well.
"""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q

from tasks.categories import PAUSING_BY_DEFAULT
from tasks.models import CategoryRule, Kind, Task
from tasks.models.task import TaskQuerySet
from wards.models import Stay, StayStatus

ABSENT = "The patient is absent without leave."
"""The reason that the history gives."""


def pausing_in_absence() -> TaskQuerySet:
    """Return the open patient tasks that wait, or would wait, during an absence.

    What the legal status asks for never waits: a section ends wherever the patient is.
    """
    rule = CategoryRule.objects.filter(ward=OuterRef("ward"), category=OuterRef("category"))
    is_chosen = Exists(rule.filter(pauses_in_absence=True))
    is_default = Q(category__in=PAUSING_BY_DEFAULT) & ~Exists(rule)
    made_by_hand = Task.objects.open().of_kind(Kind.PATIENT).filter(occasion="")
    return made_by_hand.filter(Q(is_chosen) | is_default)


def paused() -> TaskQuerySet:
    """Return the tasks that wait for their patient's return."""
    absent = Stay.objects.filter(
        patient=OuterRef("patient"), ward=OuterRef("ward"), status=StayStatus.ABSENT
    )
    return pausing_in_absence().filter(Exists(absent))


def paused_among(tasks: Iterable[Task]) -> Collection[int]:
    """Return the ids of those of `tasks` that are paused, in one query."""
    ids = [task.pk for task in tasks if task.kind == Kind.PATIENT and task.is_open]
    return set(paused().filter(pk__in=ids).values_list("pk", flat=True)) if ids else ()
