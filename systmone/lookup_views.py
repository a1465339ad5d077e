"""The pages on which a person looks for a patient in SystmOne and waits for the answer.

No address names a patient: a result goes by the lookup, which only this person's session sees, and
its place in the list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from systmone import demographics, links, lookup_words, person_lookups
from systmone.found import Found
from systmone.gateways import gateway_of
from systmone.links import NotTheSame
from systmone.lookup_forms import ODD, LinkForm, LookupForm
from systmone.models import Link, Lookup
from systmone.person_lookups import MOST_SHOWN, CannotAsk, OtherNumber, own_lookups, results
from systmone.protocol.errors import InvalidRequest
from wards import queries
from wards.actors import person
from wards.features import Feature, requires
from wards.models import Patient, Stay, User
from wards.requests import SignedInRequest
from wards.viewing import record_view

OTHER_NUMBER = (
    "SystmOne answered about another number than the Hub has, so nothing is shown. Check the "
    "number in the patient's details and in SystmOne."
)
CHANGED = "Their numbers are not the same any more: nothing was linked."


@dataclass(frozen=True)
class Result:
    """Who was found, and the stay of the one in the Hub who has the same number, if in sight."""

    row: int
    found: Found
    stay: Stay | None
    is_linked: bool


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.SYSTMONE)
def look_up(request: SignedInRequest, ward: str) -> HttpResponse:
    """Ask for facts about a patient; the words come by POST, so that no address has them."""
    found_ward = queries.find_ward(request.user, ward)
    if gateway_of(found_ward) is None:
        raise Http404
    form = LookupForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = person_lookups.look(
                ward=found_ward,
                wanted=form.wanted,
                session=request.session.session_key or "",
                by=person(request.user),
            )
            return redirect("lookup", made.pk)
        except CannotAsk as problem:
            form.add_error(None, str(problem))
        except InvalidRequest:
            form.add_error(None, ODD)
    context = {"ward": found_ward, "form": form}
    return render(request, "systmone/look_up.jinja", context, status=422 if form.is_bound else 200)


@require_safe
@requires(Feature.SYSTMONE)
def lookup(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """How a lookup stands, and whom it found."""
    found_by = _own(request, pk)
    return render(request, "systmone/lookup.jinja", _facts(request, found_by))


@require_safe
@requires(Feature.SYSTMONE)
def state(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The same without the page around it, for a page that waits."""
    return render(request, "systmone/results.jinja", _facts(request, _own(request, pk)))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.SYSTMONE)
def link(request: SignedInRequest, pk: UUID, row: int) -> HttpResponse:
    """Say that a result is the patient of the Hub who has the same number."""
    found_by = _own(request, pk)
    found = result_of(request, found_by, row)
    stay = _stays_of(request.user, [found]).get(found.number)
    if stay is None:
        raise Http404
    form = LinkForm(stay.patient, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            linked = links.link(stay=stay, found=found, by=person(request.user))
            person_lookups.forget([found_by])
            messages.success(request, "The patient is linked to SystmOne.")
            return _ask_about(request, stay, linked)
        except NotTheSame:
            messages.warning(request, CHANGED)
            return redirect("patient", stay.patient_id)
    record_view(stay.patient_id, ward=stay.ward, by=person(request.user))
    context = {"stay": stay, "found": found, "form": form, "lookup": found_by}
    return render(request, "systmone/link.jinja", context, status=422 if form.is_bound else 200)


def _ask_about(request: SignedInRequest, stay: Stay, linked: Link) -> HttpResponse:
    """Go where the patient's details will be compared, once SystmOne has told them."""
    if not stay.is_open:
        return redirect("patient", stay.patient_id)
    try:
        demographics.ask_now(link=linked, stay=stay, by=person(request.user))
    except CannotAsk:
        pass  # it is asked within a day
    return redirect("patient_in_systmone", stay.patient_id)


def result_of(request: SignedInRequest, found_by: Lookup, row: int) -> Found:
    """Return a result by its place in the list. Raises Http404 where it is not there any more."""
    try:
        return results(found_by, person(request.user))[row]
    except (IndexError, OtherNumber):
        raise Http404 from None


def _own(request: SignedInRequest, pk: UUID) -> Lookup:
    return get_object_or_404(own_lookups(request), pk=pk)


def _facts(request: SignedInRequest, found_by: Lookup) -> Mapping[str, Any]:
    now = timezone.now()
    told = lookup_words.told(found_by.call, now)
    found: Sequence[Found] = ()
    if not told:
        try:
            found = results(found_by, person(request.user))
        except OtherNumber:
            told = OTHER_NUMBER
    return {
        "lookup": found_by,
        "told": told,
        "is_under_way": lookup_words.is_under_way(found_by.call, now),
        "results": _results(request.user, found[:MOST_SHOWN]),
        "has_more": len(found) > MOST_SHOWN,
    }


def _results(user: User, found: Sequence[Found]) -> list[Result]:
    stays = _stays_of(user, found)
    linked = Link.objects.filter(patient__in=[stay.patient_id for stay in stays.values()])
    numbers = set(linked.values_list("number", flat=True))
    return [
        Result(row, one, stays.get(one.number), one.number in numbers)
        for row, one in enumerate(found)
    ]


def _stays_of(user: User, found: Sequence[Found]) -> dict[str, Stay]:
    """Return, by number, the stays that `user` sees of patients who have a number of `found`."""
    numbers = [one.number for one in found if one.number]
    patients = Patient.objects.filter(Q(nhs_number__in=numbers) | Q(pseudo_number__in=numbers))
    stays = queries.current_stays(user).filter(patient__in=patients)
    seen = list(stays.select_related("patient", "ward", "bed__room"))
    return {
        one.number: stay for one in found for stay in seen if one.number and one.is_(stay.patient)
    }
