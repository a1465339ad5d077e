"""The diary's read model: what the page of a ward and day shows, ready to print.

It is plain data with times and dates already in words, so that two diaries that look the same have
the same `version`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from hashlib import blake2b

from django.db.models import Q

from tasks import shifts
from tasks.card_facts import facts_of
from tasks.cards import Card, card
from tasks.models import Kind, Shift, Task
from tasks.shifts import ShiftOnDay
from tasks.words import clock
from wards.models import User, Ward

ONE_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Column:
    """A shift of the day with its cards: what is to do, and what is over."""

    shift: str
    title: str
    hours: str
    is_current: bool
    is_handing_over: bool
    open: tuple[Card, ...]
    closed: tuple[Card, ...]


@dataclass(frozen=True)
class Diary:
    """A ward's day; the column of the shift on duty, where the day has it, comes first."""

    ward_slug: str
    day: date
    is_today: bool
    columns: tuple[Column, ...]

    @cached_property
    def version(self) -> str:
        """A short text that differs when anything that the page shows differs."""
        return blake2b(repr(self).encode(), digest_size=8).hexdigest()


def current_day(ward: Ward, now: datetime) -> date:
    """Return the date of the shift on duty at `now`: at 02:00 that is yesterday."""
    return shifts.current_shift(ward, now).day


def read(*, ward: Ward, day: date, user: User, now: datetime) -> Diary:
    """Return the diary of `ward` and `day` as `user` sees it at `now`."""
    on_duty = shifts.shifts_at(ward, now)
    current = on_duty[-1]
    tasks = _tasks(ward, day, on_duty)
    facts = facts_of(tasks)
    cards: dict[Shift, list[Card]] = {shift: [] for shift in Shift}
    for task in tasks:
        moved = day == current.day and _has_moved_on(task, ward, day, now)
        shift = current.shift if moved else Shift(task.shift)
        cards[shift].append(card(task, ward, user, now, facts.get(task.pk, [])))
    columns = [_column(ward, ShiftOnDay(day, shift), cards[shift], on_duty) for shift in Shift]
    return Diary(
        ward_slug=ward.slug,
        day=day,
        is_today=day == current.day,
        columns=_from_the_current_on(columns),
    )


def read_card(*, task: Task, user: User, now: datetime) -> Card:
    """Return the one card of `task`, as `user` sees it at `now`."""
    return card(task, task.ward, user, now, facts_of([task]).get(task.pk, []))


def _tasks(ward: Ward, day: date, on_duty: Sequence[ShiftOnDay]) -> Sequence[Task]:
    ward_tasks = Task.objects.of_kind(Kind.WARD).filter(ward=ward)
    shown = Q(due_on=day)
    if day == on_duty[-1].day:
        left = Q(carry_over=True)
        for one in on_duty:  # at 07:10 last night's shift is still handing over
            left |= Q(due_on=one.day, shift=one.shift)
        shown |= Q(pk__in=ward_tasks.open().filter(left, due_on__lt=day).values("pk"))
        began = shifts.window(ward, day, Shift.EARLY).start
        recent = Q(due_on__range=(day - ONE_WEEK, day), completed_at__gte=began)
        shown |= Q(pk__in=ward_tasks.filter(recent).values("pk"))
    return list(
        ward_tasks.filter(shown)
        .select_related("claimed_by", "guide")
        .order_by("-priority", "due_on", "title", "pk")
    )


def _has_moved_on(task: Task, ward: Ward, day: date, now: datetime) -> bool:
    """Work of earlier days, and work that is carried over, stands in the shift on duty."""
    is_over = shifts.window(ward, task.due_on, Shift(task.shift)).end <= now
    return task.due_on < day or (task.is_open and task.carry_over and is_over)


def _column(
    ward: Ward, one: ShiftOnDay, cards: Sequence[Card], on_duty: Sequence[ShiftOnDay]
) -> Column:
    window = shifts.window(ward, one.day, one.shift)
    return Column(
        shift=one.shift.value,
        title=one.shift.label,
        hours=f"{clock(window.start)} to {clock(window.end)}",
        is_current=one == on_duty[-1],
        is_handing_over=one in on_duty[:-1],
        open=tuple(card for card in cards if card.is_open),
        closed=tuple(card for card in cards if not card.is_open),
    )


def _from_the_current_on(columns: Sequence[Column]) -> tuple[Column, ...]:
    first = next((place for place, column in enumerate(columns) if column.is_current), 0)
    return (*columns[first:], *columns[:first])
