"""The story of a task: what people did to it, step by step, and what became of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from demo.crews import Crew
from demo.work import Work
from tasks.actions import changes
from tasks.models import Priority, Shift, Task, TaskEvent
from tasks.shifts import ShiftOnDay, Window, following
from tasks.transitions import Action
from wards.actors import Actor, Source, person
from wards.models import User

# Of a hundred tasks that may end so.
CALLED_OFF = 8
MISSED = 7
DONE_IN_THE_NEXT_SHIFT = 5
AUDITED_BY_HAND = 8


@dataclass(frozen=True)
class Step:
    """Somebody does something to the task."""

    action: Action
    at: datetime
    by: Actor
    reason: str = ""


@dataclass
class Story:
    """A task, the work that it is, the shift in which it is due, and its steps in order of time."""

    task: Task
    work: Work
    window: Window
    steps: list[Step] = field(default_factory=list)
    is_out_of_range: bool = False

    @property
    def is_completed_by_dashboard(self) -> bool:
        """Whether the task, as it has been told, was completed by an audit."""
        return bool(self.task.completed_at) and self.steps[-1].by.source == Source.SYNC

    @property
    def shift(self) -> ShiftOnDay:
        return ShiftOnDay(self.task.due_on, Shift(self.task.shift))

    def is_over_at(self, moment: datetime) -> bool:
        """Say whether the task is done or cancelled at `moment`."""
        endings = (Action.COMPLETE, Action.CANCEL)
        return any(step.action in endings and step.at <= moment for step in self.steps)

    def tell_until(self, moment: datetime) -> list[TaskEvent]:
        """Bring the task to where it stands at `moment`; return what happened, yet to be stored."""
        told = [step for step in self.steps if step.at <= moment]
        for step in told:
            _apply(step, self.task)
        return [_event(step, self.task) for step in told]


def through_dashboard(worker: User) -> Actor:
    """Return `worker` as the one who completed an audit on the Assurance Dashboard."""
    return Actor(worker.name, Source.SYNC, worker)


def usual_steps(story: Story, crew: Crew, chance: Random, *, by_dashboard: bool) -> list[Step]:
    """Return how such a task usually goes; now and then it is late, called off or missed."""
    work = story.work
    worker = crew.worker_for(work, story.shift, chance)
    begun, ended = _when(story, chance)
    if work.called_off and chance.randrange(100) < CALLED_OFF:
        return [Step(Action.CANCEL, begun, person(crew.manager), work.called_off)]
    may_be_missed = work.priority == Priority.ROUTINE and not work.carry_over
    if may_be_missed and chance.randrange(100) < MISSED:
        return []
    if work.carry_over and chance.randrange(100) < DONE_IN_THE_NEXT_SHIFT:
        worker = crew.worker_for(work, following(story.shift), chance)
        begun, ended = _after(story.window.end, ended - begun, chance)
    if work.audit_type and by_dashboard and chance.randrange(100) >= AUDITED_BY_HAND:
        return [Step(Action.COMPLETE, ended, through_dashboard(worker))]
    claimed = max(story.window.start, begun - timedelta(minutes=chance.randint(1, 3)))
    return _steps_by_hand(worker, (claimed, begun, ended), chance)


def _when(story: Story, chance: Random) -> tuple[datetime, datetime]:
    """Return a time near the usual one, inside the shift."""
    begins = timedelta(
        minutes=story.work.begins + chance.randint(0, 12), seconds=chance.randrange(60)
    )
    lasts = timedelta(minutes=story.work.lasts) * chance.uniform(0.8, 1.25)
    last_chance = story.window.end - lasts - timedelta(minutes=1)
    begun = min(story.window.start + begins, last_chance)
    return begun, begun + lasts


def _after(shift_end: datetime, lasts: timedelta, chance: Random) -> tuple[datetime, datetime]:
    begun = shift_end + timedelta(minutes=chance.randint(10, 75))
    return begun, begun + lasts


def _steps_by_hand(
    worker: User, times: tuple[datetime, datetime, datetime], chance: Random
) -> list[Step]:
    """Many just complete a short task; some claim it before, or say when they start."""
    claimed, begun, ended = times
    by = person(worker)
    steps = [Step(Action.COMPLETE, ended, by)]
    if chance.random() < 0.5:
        steps.insert(0, Step(Action.START, begun, by))
    if chance.random() < 0.4:
        steps.insert(0, Step(Action.CLAIM, claimed, by))
    return steps


def _apply(step: Step, task: Task) -> None:
    for name, value in changes(step.action, task, step.by, step.at, step.reason).items():
        setattr(task, name, value)
    task.version += 1


def _event(step: Step, task: Task) -> TaskEvent:
    return TaskEvent(
        task=task,
        action=step.action,
        at=step.at,
        by=step.by.user,
        by_name=step.by.name,
        source=step.by.source,
        reason=step.reason,
    )
