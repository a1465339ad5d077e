"""The diary's read model: what the page of a ward and day shows, ready to print.

It is plain data with times and dates already in words, so that two diaries that look the same have
the same `version`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from hashlib import blake2b

from django.db.models import Q

from tasks import shifts
from tasks.cards import Card, Viewer, cards_of
from tasks.due import in_order_of_the_day
from tasks.models import Kind, Shift, Task
from tasks.models.task import OPEN_STATUSES
from tasks.queries import RECENT, kinds_in_this_tier
from tasks.shifts import ShiftOnDay
from tasks.words import clock
from wards.models import User, Ward

ONE_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Section:
    """A part of the page with its cards: what is to do, and what is over."""

    key: str
    title: str
    open: tuple[Card, ...]
    closed: tuple[Card, ...]


@dataclass(frozen=True)
class Column(Section):
    """A shift of the day."""

    hours: str
    is_current: bool
    is_handing_over: bool


class Board:
    """What a page that refreshes itself shows: a dataclass of plain data."""

    @cached_property
    def version(self) -> str:
        """A short text that differs when anything that the page shows differs."""
        return blake2b(repr(self).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Diary(Board):
    """A ward's day; the column of the shift on duty, where the day has it, comes first.

    `patient_work` has the appointments and the patient tasks, in a tier with patients.
    """

    ward_slug: str
    day: date
    is_today: bool
    columns: tuple[Column, ...]
    patient_work: tuple[Section, ...]

    @property
    def patient_ids(self) -> set[int]:
        """The patients whom the page names."""
        cards = (card for part in self.patient_work for card in (*part.open, *part.closed))
        return {card.patient.pk for card in cards if card.patient}


def current_day(ward: Ward, now: datetime) -> date:
    """Return the date of the shift on duty at `now`: at 02:00 that is yesterday."""
    return shifts.current_shift(ward, now).day


def read(*, ward: Ward, day: date, user: User, now: datetime) -> Diary:
    """Return the diary of `ward` and `day` as `user` sees it at `now`."""
    on_duty = shifts.shifts_at(ward, now)
    current = on_duty[-1]
    tasks = _tasks(ward, day, on_duty)
    cards = dict(zip(tasks, cards_of(tasks, Viewer(user, now, day)), strict=True))
    by_shift: dict[Shift, list[Card]] = {shift: [] for shift in Shift}
    for task in tasks:
        if task.kind == Kind.WARD:
            moved = day == current.day and _has_moved_on(task, ward, day, now)
            by_shift[current.shift if moved else Shift(task.shift)].append(cards[task])
    columns = [_column(ward, ShiftOnDay(day, shift), by_shift[shift], on_duty) for shift in Shift]
    return Diary(
        ward_slug=ward.slug,
        day=day,
        is_today=day == current.day,
        columns=_from_the_current_on(columns),
        patient_work=_patient_work(cards) if Kind.PATIENT in kinds_in_this_tier() else (),
    )


def read_patient(*, patient_id: int, user: User, now: datetime) -> tuple[Section, ...]:
    """Return the open work of a patient in order of its days, and the recent that is over.

    Cards leave out the patient, whom the page is about.
    """
    recent = Q(due_on__gte=shifts.local_date(now) - RECENT) | Q(status__in=OPEN_STATUSES)
    tasks = list(
        Task.objects.visible_to(user)
        .filter(recent, patient_id=patient_id)
        .select_related("ward", "claimed_by", "guide", "patient")
        .order_by("due_on", "-priority", "title", "pk")
    )
    cards = zip(tasks, cards_of(tasks, Viewer(user, now)), strict=True)
    return _patient_work({task: replace(card, patient=None) for task, card in cards})


def read_card(*, task: Task, user: User, now: datetime) -> Card:
    """Return the one card of `task`, as `user` sees it at `now`."""
    return cards_of([task], Viewer(user, now))[0]


def _tasks(ward: Ward, day: date, on_duty: Sequence[ShiftOnDay]) -> Sequence[Task]:
    of_ward = Task.objects.filter(ward=ward, kind__in=kinds_in_this_tier()).order_by()
    shown = of_ward.filter(due_on=day).values("pk")
    if day == on_duty[-1].day:
        left = Q(carry_over=True)
        for one in on_duty:  # at 07:10 last night's shift is still handing over
            left |= Q(due_on=one.day, shift=one.shift)
        began = shifts.window(ward, day, Shift.EARLY).start
        recent = Q(due_on__range=(day - ONE_WEEK, day), completed_at__gte=began)
        # Each by its own index: of an OR, PostgreSQL would read the ward's whole past.
        shown = shown.union(
            of_ward.open().filter(left, due_on__lt=day).values("pk"),
            of_ward.filter(recent).values("pk"),
        )
    return list(
        Task.objects.filter(pk__in=shown)
        .select_related("ward", "claimed_by", "guide", "patient")
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
        key=one.shift.value,
        title=one.shift.label,
        hours=f"{clock(window.start)} to {clock(window.end)}",
        is_current=one == on_duty[-1],
        is_handing_over=one in on_duty[:-1],
        open=tuple(card for card in cards if card.is_open),
        closed=tuple(card for card in cards if not card.is_open),
    )


def _patient_work(cards: Mapping[Task, Card]) -> tuple[Section, ...]:
    """Appointments as they come; patient tasks in the order of `cards`."""
    appointments = [task for task in cards if task.kind == Kind.APPOINTMENT]
    appointments.sort(key=lambda task: (task.due_on, in_order_of_the_day(task)))
    patient_tasks = [task for task in cards if task.kind == Kind.PATIENT]
    return (
        _section("appointments", "Appointments", [cards[task] for task in appointments]),
        _section("patient-tasks", "Patient tasks", [cards[task] for task in patient_tasks]),
    )


def _section(key: str, title: str, cards: Sequence[Card]) -> Section:
    return Section(
        key=key,
        title=title,
        open=tuple(card for card in cards if card.is_open),
        closed=tuple(card for card in cards if not card.is_open),
    )


def _from_the_current_on(columns: Sequence[Column]) -> tuple[Column, ...]:
    first = next((place for place, column in enumerate(columns) if column.is_current), 0)
    return (*columns[first:], *columns[:first])
