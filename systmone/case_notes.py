"""A case note's way into SystmOne."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from systmone import writing
from systmone.calls import About
from systmone.models import Call
from systmone.writing import Text
from wards.actors import Actor
from wards.models import CaseNote


def text_of(note: CaseNote) -> Text:
    """Return what SystmOne gets of `note`."""
    written = timezone.localtime(note.written_at)
    return Text(
        about=About(ward=note.ward, patient=note.patient, note=note),
        patient=note.patient,
        body=note.text,
        last_line=f"Written by {note.author_name} on {note.ward.name}, {written:%d %b %Y %H:%M}",
        done_at=note.written_at,
        done_by=note.author_name,
        author=note.author,
    )


@transaction.atomic
def push(*, note: CaseNote, by: Actor, at: datetime | None = None) -> Call:
    """Send `note` to the patient's record; see `writing.write`."""
    CaseNote.objects.select_for_update(no_key=True).get(pk=note.pk)
    return writing.write(text=text_of(note), by=by, at=at)


def call_of(note: CaseNote) -> Call | None:
    """Return the call that brings `note` to SystmOne, if there is one."""
    return writing.call_of(About(note=note))
