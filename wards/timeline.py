"""A patient's timeline: what happened in their stays, and what upper rooms know of them.

An upper room registers a provider in its `apps.py`, which is asked once for each patient page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone
from django.utils.timezone import localdate

from wards.models import CaseNote, Stay, StayEvent, User


@dataclass(frozen=True)
class Entry:
    """Something that happened: when, what in words, who did it, and where more of it stands."""

    at: datetime
    text: str
    who: str = ""
    link: str = ""


@dataclass(frozen=True)
class Day:
    """A day of the timeline with its entries, the latest first."""

    date: date
    entries: tuple[Entry, ...]


Provider = Callable[[int, User], Iterable[Entry]]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Add a provider: given a patient's id, it returns the entries that its room has of them.

    It links only what the user, who is given too, may open.
    """
    if provider not in _providers:
        _providers.append(provider)


def entries_of(patient_id: int, user: User) -> list[Entry]:
    """Return all that happened to the patient, the latest first, as `user` may follow it."""
    entries = [*_of_stays(patient_id), *_of_notes(patient_id)]
    for provider in _providers:
        entries += provider(patient_id, user)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def entries_during(stay: Stay, user: User) -> list[Entry]:
    """Return what happened to the patient from the admission to the end of `stay`, if it ended."""
    ended = stay.discharged_at or timezone.now()
    entries = entries_of(stay.patient_id, user)
    return [one for one in entries if stay.admitted_at <= one.at <= ended]


def by_day(entries: Sequence[Entry]) -> list[Day]:
    """Return `entries`, which are in order of time, by local day."""
    days = groupby(entries, key=lambda entry: localdate(entry.at))
    return [Day(day, tuple(of_day)) for day, of_day in days]


def _of_stays(patient_id: int) -> Iterable[Entry]:
    # Of two at one moment the one written later comes first.
    for event in StayEvent.objects.filter(stay__patient=patient_id).order_by("-at", "-pk"):
        yield Entry(at=event.at, text=in_words(event), who=event.by_name)


def _of_notes(patient_id: int) -> Iterable[Entry]:
    for note in CaseNote.objects.filter(patient=patient_id).order_by("-written_at", "-pk"):
        text = "Case note, amended" if note.amends_id else "Case note"
        yield Entry(note.written_at, text, note.author_name, note.get_absolute_url())


def in_words(event: StayEvent) -> str:
    """Return what happened in a stay as its timeline tells it."""
    moved = event.action in (StayEvent.Action.MOVE, StayEvent.Action.TRANSFER)
    where = f"{event.before} to {event.after}" if moved else event.after
    return ": ".join(filter(None, [event.get_action_display(), where, event.reason]))
