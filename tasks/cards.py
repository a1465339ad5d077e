"""A task as a card of the diary: every mark in words, and the actions that its viewer has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings

from tasks import shifts
from tasks.card_facts import CardFact, facts_of
from tasks.due import window_of
from tasks.models import AuditType, DayPart, Kind, Priority, Shift, Status, Task
from tasks.patients import whereabouts
from tasks.pauses import paused_among
from tasks.transitions import Action, is_allowed
from tasks.words import clock, date_and_clock, short_date
from wards.models import User

BUTTON_TEXTS = {
    Action.COMPLETE: "Complete",
    Action.TAKE_OVER: "Take over",
    Action.CLAIM: "Claim",
    Action.START: "Start",
    Action.RELEASE: "Release",
    Action.REOPEN: "Undo",
}

# What a card offers at once, in order; what else is allowed stands behind its menu.
AT_ONCE_WHEN_A_COLLEAGUE_HAS_IT = (Action.TAKE_OVER,)
AT_ONCE_OTHERWISE = (Action.COMPLETE, Action.CLAIM, Action.START, Action.REOPEN)
MOST_AT_ONCE = 2

SOON = timedelta(minutes=30)  # a shift that is handing over

STATUS_COLOURS = {
    Status.PENDING: "blue",
    Status.IN_PROGRESS: "purple",
    Status.COMPLETED: "green",
    Status.CANCELLED: "grey",
}
PRIORITY_COLOURS = {Priority.URGENT: "red", Priority.IMPORTANT: "orange"}

GONE = "patient no longer on this ward"

Places = Mapping[tuple[int, int], str]


@dataclass(frozen=True)
class Mark:
    """A tag: its words and its colour in the NHS design system."""

    text: str
    colour: str


PAUSED = Mark("Paused: absent without leave", "grey")


@dataclass(frozen=True)
class Button:
    action: str
    text: str


@dataclass(frozen=True)
class Link:
    text: str
    url: str


@dataclass(frozen=True)
class Viewer:
    """Who looks at cards, when, and at the page of which day; `None`: at one of no day."""

    user: User
    now: datetime
    day: date | None = None


@dataclass(frozen=True)
class Person:
    """The patient whom a card is about, and where they are; `is_in_sight`: with pages to see."""

    pk: int
    name: str
    place: str
    is_in_sight: bool


@dataclass(frozen=True)
class Card:
    """All that a card prints; plain data. On a page of several wards it names its `ward`."""

    public_id: str
    version: int
    time: str
    title: str
    patient: Person | None
    details: str
    marks: tuple[Mark, ...]
    due: str
    people: str
    is_open: bool
    is_overdue: bool
    is_mine: bool
    guide: Link | None
    dashboard: Link | None
    facts: tuple[CardFact, ...]
    buttons: tuple[Button, ...]
    more: tuple[Button, ...]
    ward: str = ""


def cards_of(tasks: Sequence[Task], viewer: Viewer) -> list[Card]:
    """Return `tasks` as the cards that `viewer` sees, in their order."""
    facts = facts_of(tasks)
    places, paused = whereabouts(tasks, viewer.user), paused_among(tasks)
    cards = [_card(task, viewer, facts.get(task.pk, []), places) for task in tasks]
    return [
        _paused(card, task) if task.pk in paused else card
        for card, task in zip(cards, tasks, strict=True)
    ]


def _paused(card: Card, task: Task) -> Card:
    """Of what waits for its patient nothing is overdue, and nobody does anything."""
    return replace(
        card, marks=(PAUSED, *_priority_marks(task)), is_overdue=False, buttons=(), more=()
    )


def _card(task: Task, viewer: Viewer, facts: Sequence[CardFact], places: Places) -> Card:
    window = window_of(task, task.ward)
    buttons, more = _buttons(task, viewer.user)
    patient = _patient(task, places)
    return Card(
        public_id=task.public_id,
        version=task.version,
        time=_time(task),
        title=task.title,
        patient=patient,
        details=_details(task) if patient or task.kind == Kind.WARD else GONE,
        marks=_marks(task, window, viewer.now),
        due=_due(task, window, viewer),
        people=_people(task, viewer.user),
        is_open=task.is_open,
        is_overdue=_is_overdue(task, window, viewer.now),
        is_mine=task.is_open and task.claimed_by_id == viewer.user.pk,
        guide=Link(task.guide.title, task.guide.get_absolute_url()) if task.guide else None,
        dashboard=_dashboard(task),
        facts=tuple(facts),
        buttons=buttons,
        more=more,
    )


def _time(task: Task) -> str:
    if task.kind != Kind.APPOINTMENT:
        return ""
    return f"{task.time:%H:%M}" if task.time else DayPart(task.day_part).label


def _patient(task: Task, places: Places) -> Person | None:
    if task.patient is None:
        return None
    pk = task.patient.pk
    place = places.get((pk, task.ward_id))
    if place is not None:
        return Person(pk, task.patient.name, place, is_in_sight=True)
    # What a transfer left to this ward is its work, and about somebody, until it is done.
    if task.is_open:
        return Person(pk, task.patient.name, "no longer on this ward", is_in_sight=False)
    return None


def _details(task: Task) -> str:
    who = f"with {task.attendees}" if task.attendees else ""
    facts = [task.category_in_words, task.place, who]
    return ", ".join(fact for fact in facts if fact)


def _is_overdue(task: Task, window: shifts.Window, now: datetime) -> bool:
    return task.is_open and window.end <= now


def _marks(task: Task, window: shifts.Window, now: datetime) -> tuple[Mark, ...]:
    status = Status(task.status)
    is_overdue = _is_overdue(task, window, now)
    marks = []
    if not (is_overdue and status is Status.PENDING):
        marks.append(Mark(status.label, STATUS_COLOURS[status]))
    marks += _priority_marks(task)
    if is_overdue:
        marks.append(Mark("Overdue", "red"))
    if is_overdue and task.carry_over:
        marks.append(Mark("Carried over", "yellow"))
    return tuple(marks)


def _priority_marks(task: Task) -> list[Mark]:
    priority = Priority(task.priority)
    colour = PRIORITY_COLOURS.get(priority)
    return [Mark(priority.label, colour)] if colour else []


def _due(task: Task, window: shifts.Window, viewer: Viewer) -> str:
    if task.kind != Kind.WARD:
        year = "" if task.due_on.year == viewer.now.year else f" {task.due_on.year}"
        return "" if task.due_on == viewer.day else f"due {short_date(task.due_on)}{year}"
    is_far = viewer.day is not None and window.end - viewer.now > SOON
    if is_far or not task.is_open:
        return ""
    if shifts.local_date(window.end) == shifts.local_date(viewer.now):
        return f"due by {clock(window.end)}"
    return f"due {short_date(task.due_on)}, {Shift(task.shift).label.lower()}"


def _people(task: Task, user: User) -> str:
    if task.status == Status.CANCELLED:
        return f"Cancelled: {task.cancelled_reason}"
    if task.completed_at:
        return f"{task.completed_by_name}, {date_and_clock(task.completed_at)}"
    if task.claimed_by is None or task.claimed_at is None:
        return "Unclaimed"
    who = "You" if task.claimed_by_id == user.pk else task.claimed_by.name
    return f"{who}, since {clock(task.claimed_at)}"


def _dashboard(task: Task) -> Link | None:
    if not task.audit_type:
        return None
    query = urlencode({"audit": task.audit_type, "ward": task.ward.name})
    label = AuditType(task.audit_type).label
    return Link(label, f"{settings.HUB_ASSURANCE_DASHBOARD_URL}?{query}")


def _buttons(task: Task, user: User) -> tuple[tuple[Button, ...], tuple[Button, ...]]:
    if task.status == Status.CANCELLED:
        return (), ()  # who runs the ward reopens it on its page
    allowed = [action for action in BUTTON_TEXTS if is_allowed(action, task, user)]
    has_colleague = Action.TAKE_OVER in allowed
    at_once = AT_ONCE_WHEN_A_COLLEAGUE_HAS_IT if has_colleague else AT_ONCE_OTHERWISE
    shown = [action for action in at_once if action in allowed][:MOST_AT_ONCE]
    rest = [action for action in allowed if action not in shown]
    return _as_buttons(shown), _as_buttons(rest)


def _as_buttons(actions: Sequence[Action]) -> tuple[Button, ...]:
    return tuple(Button(action.value, BUTTON_TEXTS[action]) for action in actions)
