"""My Tasks: the open work that a person has claimed, on all their wards, by when it is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tasks import shifts
from tasks.cards import PAUSED, Card, Viewer, cards_of
from tasks.diary import Board, Section
from tasks.due import window_of
from tasks.models import Task
from tasks.queries import kinds_in_this_tier
from tasks.shifts import ONE_DAY, ShiftOnDay
from wards.models import User, Ward

OVERDUE, THIS_SHIFT, TODAY, LATER = "overdue", "this-shift", "today", "later"
TITLES = {OVERDUE: "Overdue", THIS_SHIFT: "This shift", TODAY: "Today", LATER: "Later"}

OnDuty = Mapping[Ward, Sequence[ShiftOnDay]]


@dataclass(frozen=True)
class MyTasks(Board):
    """What a person has to do, in sections none of which is empty, and what they have done."""

    day: date
    sections: tuple[Section, ...]
    done: tuple[Card, ...]

    @property
    def left(self) -> int:
        """How much there is to do."""
        return sum(len(section.open) for section in self.sections)

    @property
    def patient_ids(self) -> set[int]:
        """The patients whom the page names."""
        cards = (*self.done, *(card for section in self.sections for card in section.open))
        return {card.patient.pk for card in cards if card.patient}


def read_my_tasks(*, user: User, now: datetime) -> MyTasks:
    """Return what `user` has claimed or started, and what they completed in the shift on duty."""
    in_sight = (
        Task.objects.visible_to(user)
        .filter(kind__in=kinds_in_this_tier())
        .select_related("ward", "claimed_by", "guide", "patient")
    )
    lately = in_sight.filter(completed_by=user, completed_at__gt=now - ONE_DAY)
    tasks = sorted(in_sight.open().filter(claimed_by=user), key=_in_order_of_time)
    tasks += lately.order_by("-completed_at", "-pk")
    on_duty = {ward: shifts.shifts_at(ward, now) for ward in {task.ward for task in tasks}}
    cards = dict(zip(tasks, cards_of(tasks, Viewer(user, now)), strict=True))
    cards = {task: replace(card, ward=task.ward.name) for task, card in cards.items()}
    return MyTasks(
        day=shifts.local_date(now),
        sections=_sections(cards, on_duty),
        done=tuple(
            card
            for task, card in cards.items()
            if not card.is_open and _is_of_the_shift(task, on_duty[task.ward])
        ),
    )


def _sections(cards: Mapping[Task, Card], on_duty: OnDuty) -> tuple[Section, ...]:
    by_group: dict[str, list[Card]] = {group: [] for group in TITLES}
    for task, card in cards.items():
        if card.is_open:
            by_group[_group(task, card, on_duty[task.ward][-1])].append(card)
    return tuple(
        Section(key=group, title=TITLES[group], open=tuple(found), closed=())
        for group, found in by_group.items()
        if found
    )


def _group(task: Task, card: Card, current: ShiftOnDay) -> str:
    if PAUSED in card.marks:
        return LATER  # nobody can do it before its patient returns
    if card.is_overdue:
        return OVERDUE
    if _due_at(task) <= shifts.window(task.ward, current.day, current.shift).end:
        return THIS_SHIFT
    return TODAY if task.due_on <= current.day else LATER


def _due_at(task: Task) -> datetime:
    """Return when an appointment begins that has a time, and by when all else is to be done."""
    window = window_of(task, task.ward)
    return window.start if task.time else window.end


def _in_order_of_time(task: Task) -> tuple[datetime, int, str, int]:
    return _due_at(task), -task.priority, task.title, task.pk


def _is_of_the_shift(task: Task, on_duty: Sequence[ShiftOnDay]) -> bool:
    """Say whether it was done since the shift on duty began; one that hands over is on duty too."""
    began = shifts.window(task.ward, on_duty[0].day, on_duty[0].shift).start
    return task.completed_at is not None and task.completed_at >= began
