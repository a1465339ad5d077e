"""A case note, as the pages of its way into SystmOne need it."""

from functools import partial

from django.shortcuts import get_object_or_404

from systmone import case_notes
from systmone.panels import addresses_of_note, facts_of_note
from systmone.writing_pages import Pushed
from wards import queries
from wards.models import CaseNote
from wards.requests import SignedInRequest


def find_note(request: SignedInRequest, pk: int) -> Pushed:
    """Return the note as its pages need it. Raises Http404 where it is out of sight."""
    note = get_object_or_404(CaseNote.objects.select_related("patient", "ward"), pk=pk)
    return Pushed(
        name="note",
        stay=queries.find_stay(request.user, note.patient_id),
        addresses=addresses_of_note(note),
        call=case_notes.call_of(note),
        text=lambda: case_notes.text_of(note),
        push=lambda by: case_notes.push(note=note, by=by),
        facts=partial(facts_of_note, note),
    )
