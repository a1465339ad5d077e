"""The pages of whatever is pushed to SystmOne: preview, state, decision and deletion."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render

from systmone.calls import CallChanged, cancel, decide
from systmone.models import Call, Decision, State
from systmone.panels import Addresses, Facts
from systmone.protocol.errors import InvalidRequest
from systmone.writing import NotPushed, Text, withdraw
from systmone.writing_forms import CallForm, DecisionForm, PushForm, WithdrawForm
from wards.actors import Actor, person
from wards.models import Stay
from wards.requests import SignedInRequest
from wards.viewing import record_view

CANNOT_HOLD = (
    "SystmOne cannot take a character of this {}: amend it, and type it again there where it came "
    "from another program."
)
TOO_LATE = "It was too late: SystmOne is being told, or has been told. See below how it stands."


@dataclass(frozen=True, kw_only=True)
class Pushed:
    """What is pushed, as its pages need it.

    Args:
        name: in a sentence: `note`.
        stay: whom it is about, for the banner.
        call: what brings it to SystmOne, if there is one.
        text: what SystmOne gets; raises NotPushed where there is nothing to push.
        push: sends it.
        facts: of its panel.
    """

    name: str
    stay: Stay
    addresses: Addresses
    call: Call | None
    text: Callable[[], Text]
    push: Callable[[Actor], Call]
    facts: Callable[[], Facts | None]


def push_page(request: SignedInRequest, pushed: Pushed) -> HttpResponse:
    """Show exactly what SystmOne will get; send it once two identifiers are confirmed."""
    try:
        text = pushed.text()
    except NotPushed:
        return redirect(pushed.addresses.page)
    form = PushForm(text.patient, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            pushed.push(person(request.user))
            return redirect(pushed.addresses.page)
        except NotPushed as problem:
            form.add_error(None, str(problem))
        except InvalidRequest:
            form.add_error(None, CANNOT_HOLD.format(pushed.name))
    return _page(request, pushed, "systmone/push.jinja", form, text=text)


def withdraw_page(request: SignedInRequest, pushed: Pushed) -> HttpResponse:
    """Delete it from SystmOne, with a reason."""
    if pushed.call is None or pushed.call.state != State.SUCCEEDED:
        return redirect(pushed.addresses.page)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            withdraw(call=pushed.call, reason=reason, by=person(request.user))
            return redirect(pushed.addresses.page)
        except NotPushed as problem:
            form.add_error(None, str(problem))
        except InvalidRequest:
            form.add_error("reason", "SystmOne cannot take a character of this: type it again.")
    return _page(request, pushed, "systmone/withdraw.jinja", form)


def state_panel(request: SignedInRequest, pushed: Pushed) -> HttpResponse:
    """How it stands in SystmOne: the same panel as on its page, with nothing of its words."""
    facts = pushed.facts()
    if facts is None:
        raise Http404
    return render(request, "systmone/panel.jinja", {"panel": facts})


def decide_call(request: SignedInRequest, pushed: Pushed) -> HttpResponse:
    """Keep what a person has seen in SystmOne where the Hub could not find out."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Choose what you have seen in SystmOne.")
    try:
        decide(
            call=_named(pushed, form),
            decision=Decision(form.cleaned_data["decision"]),
            attempt_id=form.cleaned_data["attempt"],
            by=person(request.user),
        )
    except CallChanged:
        messages.warning(request, "Nothing was changed: this has been settled meanwhile.")
    return redirect(pushed.addresses.page)


def cancel_call(request: SignedInRequest, pushed: Pushed) -> HttpResponse:
    """Take back what waits to be sent, or leave what has failed as it is."""
    form = CallForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Say which sending is taken back.")
    try:
        cancel(call=_named(pushed, form), by=person(request.user))
    except CallChanged:
        messages.warning(request, TOO_LATE)
    return redirect(pushed.addresses.page)


def _named(pushed: Pushed, form: CallForm) -> Call:
    """Return the call that the form names. Raises Http404 where it is none of these."""
    own = pushed.call.pk if pushed.call else None
    its_calls = Call.objects.filter(Q(pk=own) | Q(withdraws__isnull=False, withdraws=own))
    return get_object_or_404(its_calls, pk=form.cleaned_data["call"])


def _page(
    request: SignedInRequest,
    pushed: Pushed,
    template: str,
    form: PushForm | WithdrawForm,
    *,
    text: Text | None = None,
) -> HttpResponse:
    stay = pushed.stay
    record_view(stay.patient_id, ward=stay.ward, by=person(request.user))
    context = {"stay": stay, "pushed": pushed, "form": form, "text": text}
    return render(request, template, context, status=422 if form.is_bound else 200)
