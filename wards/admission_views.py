"""The pages of an admission."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from audit.events import record
from audit.models import Outcome
from wards import admission_sources, admissions, old_pages, panels, queries
from wards.actors import person
from wards.admission_forms import LongAdmissionForm, typed
from wards.admissions import AlreadyAdmitted, PatientKnown
from wards.features import Feature, requires
from wards.models import Patient, Stay
from wards.requests import SignedInRequest
from wards.sent_forms import made_before, once
from wards.stays import BedTaken, WardFull
from wards.viewing import record_view

OTHER_FORM = "other_form"
"""The name of the button that leads to the other form, and takes along what was typed."""


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.PATIENTS)
def admit(request: SignedInRequest, ward: str, *, form: type[LongAdmissionForm]) -> HttpResponse:
    """Show a form of admission, or admit and go to the patient's page.

    The address may name a bed, and a patient who comes again.
    """
    found = queries.find_ward(request.user, ward)
    if begun := made_before(request.POST, Stay):
        return _admitted(request, begun)
    before = _last_stay(request)
    about = before.patient if before else None
    if before and before.is_open:
        if request.method == "POST":
            old_pages.say_so(request, before)
        return redirect("patient", before.patient_id)
    bed = {"bed": request.GET.get("bed", "")}
    if request.method != "POST":
        return _page(request, form(found, about=about, first={**_known(request), **bed}), before)
    if OTHER_FORM in request.POST:
        return _page(request, form(found, about=about, first=typed(request.POST)), before)
    filled = form(found, request.POST, about=about, first=bed)
    refusal: dict[str, Any] = {}
    if filled.is_valid():
        try:
            stay = once(request.POST, partial(_admit, request, filled), Stay)
        except (AlreadyAdmitted, PatientKnown, BedTaken, WardFull) as error:
            refusal = _refuse(request, filled, error)
        else:
            _tell_source(request, stay)
            return _admitted(request, stay)
    return _page(request, filled, before, **refusal)


def _last_stay(request: SignedInRequest) -> Stay | None:
    """Return the last stay of who comes again. Raises Http404 if they are out of sight."""
    number = request.GET.get("patient")
    if number is None:
        return None
    if not number.isdecimal():
        raise Http404
    return queries.find_stay(request.user, int(number))


def _known(request: SignedInRequest) -> Mapping[str, Any]:
    """Return what the form shows at first of who is known elsewhere, if the address names one."""
    named = admission_sources.named_by(request)
    if named is None:
        return {}
    source, result = named
    facts = source.facts(request, result)
    if facts is None:
        messages.warning(request, "What was found is not kept any more: look again, or type it.")
    return facts or {}


def _tell_source(request: SignedInRequest, stay: Stay) -> None:
    if named := admission_sources.named_by(request):
        source, result = named
        source.admitted(request, result, stay)


def _admit(request: SignedInRequest, form: LongAdmissionForm) -> Stay:
    by, facts = person(request.user), form.of_stay()
    if form.about:
        return admissions.admit_again(
            patient=form.about, ward=form.ward, by=by, details=form.details(), **facts
        )
    return admissions.admit(patient=form.patient(), ward=form.ward, by=by, **facts)


def _admitted(request: SignedInRequest, stay: Stay) -> HttpResponse:
    messages.success(request, "The patient is admitted.")
    return redirect("patient", stay.patient_id)


def _page(
    request: SignedInRequest, form: LongAdmissionForm, before: Stay | None, **more: Any
) -> HttpResponse:
    if before:
        record_view(before.patient_id, ward=before.ward, by=person(request.user))
    named = QueryDict(mutable=True)
    named.update({name: request.GET[name] for name in _names(request)})
    context = {
        "ward": form.ward,
        "form": form,
        "stay": before,
        "panels": panels.on_wards.of(form.ward),
        "query": f"?{named.urlencode()}" if named else "",
        "other_form": OTHER_FORM,
        **more,
    }
    return render(request, "wards/admission.jinja", context, status=422 if form.is_bound else 200)


def _names(request: SignedInRequest) -> list[str]:
    """Return what of the address the other form must have, too."""
    source = admission_sources.named_by(request)
    names = ("bed", "patient", *([source[0].name] if source else []))
    return [name for name in names if name in request.GET]


def _refuse(request: SignedInRequest, form: LongAdmissionForm, error: Exception) -> dict[str, Any]:
    """Say at the field what is wrong; return whom the page may offer instead."""
    match error:
        case PatientKnown():
            return _offer(request, form, error.patient)
        case AlreadyAdmitted():
            return _lead_to(request, form, error.stay)
        case WardFull():
            form.add_error("bed", f"{form.ward} is full: its capacity is {form.ward.capacity}.")
        case _:
            form.add_error("bed", "Somebody took this bed meanwhile: choose another.")
    return {}


def _offer(request: SignedInRequest, form: LongAdmissionForm, patient: Patient) -> dict[str, Any]:
    field = form.field_that_names(patient)
    number = "pseudo-number" if field == "pseudo_number" else "NHS number"
    form.add_error(field, f"A patient with this {number} is in the Hub already.")
    record_view(patient.pk, ward=form.ward, by=person(request.user))
    return {"known": patient, "known_stay": _visible(request, patient)}


def _lead_to(request: SignedInRequest, form: LongAdmissionForm, stay: Stay) -> dict[str, Any]:
    """Lead to a patient who is on a ward; of one out of sight tell nothing, and write it down."""
    by, field = person(request.user), form.field_that_names(stay.patient)
    visible = _visible(request, stay.patient)
    if visible:
        form.add_error(field, f"This patient is on {visible.ward} already.")
        record_view(stay.patient_id, ward=form.ward, by=by)
        return {"known_stay": visible}
    form.add_error(field, "This patient is on another ward; ask for a transfer.")
    record(
        by=by,
        action="stay.admit",
        object_type="patient",
        object_id=str(stay.patient_id),
        ward=form.ward.name,
        outcome=Outcome.REFUSED,
        detail={"why": "on another ward"},
    )
    return {}


def _visible(request: SignedInRequest, patient: Patient) -> Stay | None:
    stays = queries.current_stays(request.user).select_related("patient", "ward")
    return stays.filter(patient=patient).first()
