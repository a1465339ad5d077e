"""Who changed what of one object of the admin, from the Hub's own records."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry

from audit.models import AuditEvent
from wards.actors import Source
from wards.models import Stay, StayEvent
from wards.queries import VIEW
from wards.timeline import in_words as stay_event_in_words

MOST_ENTRIES = 200


@dataclass(frozen=True)
class Entry:
    """What somebody did, when, and through what."""

    at: datetime
    who: str
    source: str
    what: str


def from_audit(object_type: str, object_id: str) -> list[Entry]:
    """Return what the audit log says of an object, looks at it left out."""
    events = AuditEvent.objects.filter(object_type=object_type, object_id=object_id)
    return of_events(events.exclude(action__endswith=".view"))


def of_events(events: Iterable[AuditEvent]) -> list[Entry]:
    """Return events of the audit log as entries."""
    return [Entry(event.at, event.actor_name, _source(event), _in_words(event)) for event in events]


def of_stay(stay: Stay) -> list[Entry]:
    """Return what happened in `stay`, and what else was done for the patient during it."""
    told = [
        Entry(event.at, event.by_name, event.get_source_display(), stay_event_in_words(event))
        for event in StayEvent.objects.filter(stay=stay).order_by("-at", "-pk")
    ]
    beside = AuditEvent.objects.filter(
        object_type="patient", object_id=str(stay.patient_id), at__gte=stay.admitted_at
    ).exclude(action=VIEW)
    if stay.discharged_at:
        beside = beside.filter(at__lte=stay.discharged_at)
    return told + of_events(beside.exclude(action__startswith="stay."))


def latest_first(entries: Iterable[Entry]) -> list[Entry]:
    """Return the latest of `entries`; those of one moment stay as they stand."""
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:MOST_ENTRIES]


def _source(event: AuditEvent) -> str:
    return str(dict(Source.choices).get(event.source, event.source))


def _in_words(event: AuditEvent) -> str:
    """Return what was done: Django's words for a form of the admin, and the other facts."""
    facts = dict(event.detail)
    changes = facts.pop("changes", None)
    done = event.action.partition(".")[2].replace("_", " ").capitalize()
    if isinstance(changes, list):
        done = str(LogEntry(change_message=json.dumps(changes)).get_change_message())
    return ". ".join(filter(None, [done.rstrip("."), _facts_in_words(facts)])) + "."


def _facts_in_words(facts: Mapping[str, Any]) -> str:
    said = {name: value for name, value in facts.items() if value not in (None, "", [], {})}
    return "; ".join(f"{name.replace('_', ' ')}: {_plain(value)}" for name, value in said.items())


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
