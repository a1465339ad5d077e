"""The pages of a case note's way into SystmOne, and back out of it."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from systmone.calls import CallChanged, cancel, decide
from systmone.case_notes import NotPushed, call_of, preview, push, withdraw
from systmone.models import Call, Decision, State
from systmone.note_forms import CallForm, DecisionForm, PushForm, WithdrawForm
from systmone.note_panel import facts_of
from systmone.protocol.errors import InvalidRequest
from wards import queries
from wards.actors import person
from wards.features import Feature, requires
from wards.models import CaseNote, Stay
from wards.requests import SignedInRequest
from wards.viewing import record_view

CANNOT_HOLD = (
    "SystmOne cannot take a character of this note: amend the note, and type it again there "
    "where it came from another program."
)
TOO_LATE = "It was too late: SystmOne is being told, or has been told. See below how it stands."


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.SYSTMONE)
def push_note(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show exactly what SystmOne will get; send it once two identifiers are confirmed."""
    note, stay = _found(request, pk)
    form = PushForm(note.patient, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            push(note=note, by=person(request.user))
            return redirect("case_note", pk)
        except NotPushed as problem:
            form.add_error(None, str(problem))
        except InvalidRequest:
            form.add_error(None, CANNOT_HOLD)
    record_view(note.patient_id, ward=stay.ward, by=person(request.user))
    context = {"stay": stay, "note": note, "form": form, "text": preview(note=note)}
    status = 422 if form.is_bound else 200
    return render(request, "systmone/push.jinja", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.SYSTMONE)
def withdraw_note(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete the note from SystmOne, with a reason."""
    note, stay = _found(request, pk)
    call = call_of(note)
    if call is None or call.state != State.SUCCEEDED:
        return redirect("case_note", pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            withdraw(call=call, reason=form.cleaned_data["reason"], by=person(request.user))
            return redirect("case_note", pk)
        except NotPushed as problem:
            form.add_error(None, str(problem))
        except InvalidRequest:
            form.add_error("reason", "SystmOne cannot take a character of this: type it again.")
    record_view(note.patient_id, ward=stay.ward, by=person(request.user))
    context = {"stay": stay, "note": note, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "systmone/withdraw.jinja", context, status=status)


@require_safe
@requires(Feature.SYSTMONE)
def state(request: SignedInRequest, pk: int) -> HttpResponse:
    """How the note stands in SystmOne: the same panel as on its page, with nothing of the note."""
    note, _ = _found(request, pk)
    panel = facts_of(note)
    if panel is None:
        raise Http404
    return render(request, "systmone/note_panel.jinja", {"panel": panel})


@require_POST
@requires(Feature.SYSTMONE)
def decide_call(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep what a person has seen in SystmOne where the Hub could not find out."""
    note, _ = _found(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Choose what you have seen in SystmOne.")
    try:
        decide(
            call=_call_of(note, form),
            decision=Decision(form.cleaned_data["decision"]),
            attempt_id=form.cleaned_data["attempt"],
            by=person(request.user),
        )
    except CallChanged:
        messages.warning(request, "Nothing was changed: this has been settled meanwhile.")
    return redirect("case_note", pk)


@require_POST
@requires(Feature.SYSTMONE)
def cancel_call(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back what waits to be sent, or leave what has failed as it is."""
    note, _ = _found(request, pk)
    form = CallForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Say which sending is taken back.")
    try:
        cancel(call=_call_of(note, form), by=person(request.user))
    except CallChanged:
        messages.warning(request, TOO_LATE)
    return redirect("case_note", pk)


def _call_of(note: CaseNote, form: CallForm) -> Call:
    """Return the call that the form names. Raises Http404 where it is none of the note's."""
    of_the_note = Call.objects.filter(Q(note=note) | Q(withdraws__note=note))
    return get_object_or_404(of_the_note, pk=form.cleaned_data["call"])


def _found(request: SignedInRequest, pk: int) -> tuple[CaseNote, Stay]:
    """Return the note and the patient's stay. Raises Http404 where they are out of sight."""
    note = get_object_or_404(CaseNote.objects.select_related("patient", "ward"), pk=pk)
    return note, queries.find_stay(request.user, note.patient_id)
