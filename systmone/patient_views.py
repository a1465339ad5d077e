"""A patient in SystmOne: linked or not, what it says of them, and what is decided about it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from systmone import demographics, links, lookup_words, person_lookups
from systmone.demographics_forms import CHANGED, SET_ASIDE, TAKE_OVER, DifferencesForm
from systmone.gateways import gateway_of
from systmone.models import Link, State
from systmone.person_lookups import CannotAsk
from wards import queries
from wards.actors import person
from wards.features import Feature, requires
from wards.models import Stay
from wards.requests import SignedInRequest
from wards.stays import StayChanged
from wards.viewing import record_view

DECISIONS = {
    TAKE_OVER: (demographics.take_over, "The details are saved."),
    SET_ASIDE: (demographics.set_aside, "The Hub keeps what it has."),
}
NOT_THEM = (
    "SystmOne did not answer about this patient, or about another number: nothing was taken from "
    "the answer. Check the number in SystmOne."
)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.SYSTMONE)
def patient(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whom a person has found the patient to be in SystmOne, and what it says otherwise."""
    stay, link = _found(request, pk)
    differing = demographics.differences(stay, link) if link else []
    form = DifferencesForm(differing, request.POST if request.method == "POST" else None)
    if link and form.is_valid():
        decide, done = DECISIONS[form.decision]
        try:
            keys = form.cleaned_data["chosen"]
            decide(stay=stay, link=link, keys=keys, by=person(request.user))
            messages.success(request, done)
        except StayChanged:
            messages.warning(request, CHANGED)
        return redirect("patient_in_systmone", pk)
    record_view(pk, ward=stay.ward, by=person(request.user))
    context = {**_facts(stay, link), "form": form, "differing": differing}
    status = 422 if form.is_bound else 200
    return render(request, "systmone/patient.jinja", context, status=status)


@require_safe
@requires(Feature.SYSTMONE)
def state(request: SignedInRequest, pk: int) -> HttpResponse:
    """How the question to SystmOne stands, with nothing of what it says."""
    facts = _facts(*_found(request, pk))
    return render(request, "systmone/asked.jinja", {**facts, "has_come": True})


@require_POST
@requires(Feature.SYSTMONE)
def find(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask SystmOne who has the patient's number, to link them."""
    stay, _ = _found(request, pk)
    session = request.session.session_key or ""
    try:
        by = person(request.user)
        return redirect("lookup", person_lookups.look_for(stay=stay, session=session, by=by).pk)
    except CannotAsk as problem:
        messages.warning(request, str(problem))
        return redirect("patient_in_systmone", pk)


@require_POST
@requires(Feature.SYSTMONE)
def ask(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask SystmOne now what it says of a linked patient."""
    stay, link = _found(request, pk)
    if link:
        try:
            demographics.ask_now(link=link, stay=stay, by=person(request.user))
        except CannotAsk as problem:
            messages.warning(request, str(problem))
    return redirect("patient_in_systmone", pk)


@require_POST
@requires(Feature.SYSTMONE)
def unlink(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back who the patient is in SystmOne."""
    stay, _ = _found(request, pk)
    links.unlink(stay=stay, by=person(request.user))
    messages.success(request, "The patient is not linked to SystmOne any more.")
    return redirect("patient_in_systmone", pk)


def _found(request: SignedInRequest, pk: int) -> tuple[Stay, Link | None]:
    """Return the patient's open stay on a ward with a gateway, and their link, or Http404."""
    stay = queries.find_stay(request.user, pk)
    if not stay.is_open or gateway_of(stay.ward) is None:
        raise Http404
    return stay, links.link_of(pk)


def _facts(stay: Stay, link: Link | None) -> Mapping[str, Any]:
    now = timezone.now()
    asked = link.asked if link else None
    told = lookup_words.told(asked, now) if asked else ""
    if link and asked and asked.state == State.SUCCEEDED and link.said_at != asked.settled_at:
        told = NOT_THEM
    return {
        "stay": stay,
        "link": link,
        "told": told,
        "is_under_way": asked is not None and lookup_words.is_under_way(asked, now),
        "died": demographics.date_of_death(link) if link else None,
    }
