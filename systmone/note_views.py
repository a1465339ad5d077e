"""The pages of a case note's way into SystmOne, and back out of it."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from systmone import case_notes, writing_pages
from systmone.panels import addresses_of_note, facts_of_note
from systmone.writing_pages import Pushed
from wards import queries
from wards.features import Feature, requires
from wards.models import CaseNote
from wards.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.SYSTMONE)
def push_note(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show exactly what SystmOne will get; send it once two identifiers are confirmed."""
    return writing_pages.push_page(request, _found(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.SYSTMONE)
def withdraw_note(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete the note from SystmOne, with a reason."""
    return writing_pages.withdraw_page(request, _found(request, pk))


@require_safe
@requires(Feature.SYSTMONE)
def state(request: SignedInRequest, pk: int) -> HttpResponse:
    """How the note stands in SystmOne."""
    return writing_pages.state_panel(request, _found(request, pk))


@require_POST
@requires(Feature.SYSTMONE)
def decide_call(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep what a person has seen in SystmOne where the Hub could not find out."""
    return writing_pages.decide_call(request, _found(request, pk))


@require_POST
@requires(Feature.SYSTMONE)
def cancel_call(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back what waits to be sent, or leave what has failed as it is."""
    return writing_pages.cancel_call(request, _found(request, pk))


def _found(request: SignedInRequest, pk: int) -> Pushed:
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
