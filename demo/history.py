"""The days that the demo people have lived: from untouched tasks to what became of each."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from demo.audits import let_a_fridge_be_too_warm, store_audits
from demo.chance import chance_for
from demo.crews import Crew, crews
from demo.moment import arrange
from demo.stories import Story, usual_steps
from demo.work import WORK
from tasks import shifts
from tasks.models import Shift, Task, TaskEvent
from wards.features import Feature, feature_available
from wards.models import Ward

BATCH = 500

WHAT_BECAME_OF_IT = (
    "status",
    "claimed_by",
    "claimed_at",
    "completed_by",
    "completed_by_name",
    "completed_at",
    "cancelled_reason",
    "version",
)


def live(*, days: Collection[date], now: datetime) -> None:
    """Let the demo people work on the untouched tasks of `days`, as far as `now`.

    The same days at the same moment are lived in the same way.
    """
    stories: dict[Ward, list[Story]] = defaultdict(list)
    for story in _untold(days):
        stories[story.task.ward].append(story)
    for ward, crew in crews().items():
        _let_work(stories[ward], crew, today=shifts.local_date(now))
        arrange(stories[ward], on_duty=shifts.current_shift(ward, now), crew=crew, now=now)
    _store([story for theirs in stories.values() for story in theirs], now)


def _untold(days: Collection[date]) -> list[Story]:
    works = {(work.title, work.shift): work for work in WORK}
    tasks = Task.objects.untouched().filter(due_on__in=days).select_related("ward").order_by("pk")
    return [
        Story(task, work, shifts.window(task.ward, task.due_on, work.shift))
        for task in tasks
        if (work := works.get((task.title, Shift(task.shift))))
    ]


def _let_work(stories: Sequence[Story], crew: Crew, *, today: date) -> None:
    by_dashboard = feature_available(Feature.ASSURANCE_SYNC)
    for story in stories:
        task = story.task
        chance = chance_for(task.ward.slug, task.due_on, task.shift, task.title)
        story.steps = usual_steps(story, crew, chance, by_dashboard=by_dashboard)
    if by_dashboard:
        let_a_fridge_be_too_warm(stories, crew, today=today)


def _store(stories: Sequence[Story], now: datetime) -> None:
    events = [event for story in stories for event in story.tell_until(now)]
    touched = [story.task for story in stories if story.task.version > 1]
    Task.objects.bulk_create(
        touched,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=WHAT_BECAME_OF_IT,
    )
    TaskEvent.objects.bulk_create(events, batch_size=BATCH)
    if feature_available(Feature.ASSURANCE_SYNC):
        store_audits(stories)
