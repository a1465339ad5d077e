"""The pages of case notes."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from wards import case_notes, panels, queries
from wards.actors import person
from wards.case_notes import AlreadyAmended
from wards.features import Feature, requires
from wards.models import CaseNote, NoteTemplate, Stay
from wards.note_forms import NoteForm
from wards.requests import SignedInRequest
from wards.sent_forms import made_before, once
from wards.stays import StayChanged
from wards.viewing import record_view


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.PATIENTS)
def write(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write a note on a patient, free or from one of the ward's templates."""
    stay = _stay(request, pk)
    if written := made_before(request.POST, CaseNote):
        return _saved(request, written)
    beginning = {"text": _beginning(request, stay)}
    form = NoteForm(request.POST if request.method == "POST" else None, initial=beginning)
    if form.is_valid():
        try:
            by, text = person(request.user), form.cleaned_data["text"]
            write = partial(case_notes.write, stay=stay, text=text, by=by)
            return _saved(request, once(request.POST, write, CaseNote))
        except StayChanged:
            return _ended(request, stay, form)
    return _form(request, stay, form, templates=_templates(stay))


@require_safe
@requires(Feature.PATIENTS)
def note(request: SignedInRequest, pk: int) -> HttpResponse:
    """One note, to read and to copy, with what it amends and what amended it."""
    found = _note(pk)
    stay = queries.find_stay(request.user, found.patient_id)
    record_view(found.patient_id, ward=stay.ward, by=person(request.user))
    following = CaseNote.objects.filter(amends=found).first()
    context = {
        "stay": stay,
        "note": found,
        "following": following,
        "panels": panels.on_notes.of(found),
    }
    return render(request, "wards/note.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.PATIENTS)
def amend(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put better words beside a note."""
    found = _note(pk)
    stay = _stay(request, found.patient_id)
    if amended := made_before(request.POST, CaseNote):
        return _saved(request, amended)
    if CaseNote.objects.filter(amends=found).exists():
        return _to_the_latest(request, case_notes.latest(found))
    form = NoteForm(
        request.POST if request.method == "POST" else None, initial={"text": found.text}
    )
    if form.is_valid():
        try:
            by, text = person(request.user), form.cleaned_data["text"]
            amend = partial(case_notes.amend, note=found, text=text, by=by)
            return _saved(request, once(request.POST, amend, CaseNote))
        except AlreadyAmended as conflict:
            return _to_the_latest(request, conflict.latest)
        except StayChanged:
            return _ended(request, stay, form)
    return _form(request, stay, form, note=found)


def _saved(request: SignedInRequest, note: CaseNote) -> HttpResponse:
    sentence = "The amendment is saved; the original is kept."
    messages.success(request, sentence if note.amends_id else "The case note is saved.")
    return redirect("case_note", note.pk)


def _note(pk: int) -> CaseNote:
    return get_object_or_404(CaseNote.objects.select_related("amends"), pk=pk)


def _stay(request: SignedInRequest, patient_id: int) -> Stay:
    """Return the patient's stay. Raises Http404 where it is out of sight, or there is no form."""
    stay = queries.find_stay(request.user, patient_id)
    if not stay.is_open and request.method != "POST":
        raise Http404
    return stay


def _form(request: SignedInRequest, stay: Stay, form: NoteForm, **more: Any) -> HttpResponse:
    record_view(stay.patient_id, ward=stay.ward, by=person(request.user))
    context = {"stay": stay, "form": form, **more}
    return render(request, "wards/note_form.jinja", context, status=422 if form.is_bound else 200)


def _ended(request: SignedInRequest, stay: Stay, form: NoteForm) -> HttpResponse:
    """Nothing is saved after a discharge; what was typed stays on the page, to copy."""
    form.add_error(None, "Not saved: the patient was discharged meanwhile. Copy your words.")
    return _form(request, stay, form)


def _templates(stay: Stay) -> list[NoteTemplate]:
    return list(NoteTemplate.objects.filter(Q(ward=stay.ward) | Q(ward=None)))


def _beginning(request: SignedInRequest, stay: Stay) -> str:
    """Return the text of the template that the address names, if there is one."""
    wanted = request.GET.get("template", "")
    for template in _templates(stay):
        if str(template.pk) == wanted:
            by = person(request.user)
            return case_notes.beginning(template, stay, by, timezone.now())
    return ""


def _to_the_latest(request: SignedInRequest, latest: CaseNote) -> HttpResponse:
    messages.warning(
        request,
        f"Nothing was saved: {latest.author_name} has amended this note meanwhile. "
        "This is how it stands now.",
    )
    return redirect("case_note", latest.pk)
