"""The pages that change a stay: each is a form about a patient, opened from their page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from wards import old_pages, queries
from wards.access import has_role_on
from wards.actors import person
from wards.admissions import PatientKnown
from wards.changes import Change
from wards.consequences import consequences_of
from wards.features import Feature, requires
from wards.forms import ChangeForm
from wards.models import Stay
from wards.patient_forms import errors_of_numbers
from wards.requests import SignedInRequest
from wards.stays import BedTaken, StayChanged, WardFull, is_allowed
from wards.viewing import record_view


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.PATIENTS)
def change(request: SignedInRequest, pk: int, *, change: Change) -> HttpResponse:
    """Show the form of `change`, or make the change and say so on the patient's page."""
    stay = queries.find_stay(request.user, pk)
    if not change.is_for(request.user, stay):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = change.form(stay, data, user=request.user)
    is_complete = form.is_valid()
    if not is_allowed(change.action, stay) or form.is_outdated:
        return _answer_to_an_old_page(request, stay)
    if is_complete:
        try:
            changed = _make(request, change, stay, form)
        except StayChanged:
            return _answer_to_an_old_page(request, stay)
        if changed:
            messages.success(request, change.told(changed))
            return _after(request, stay, changed)
    others = form.others_shown()
    detail = {"patients": others} if others else None
    record_view(pk, ward=stay.ward, by=person(request.user), detail=detail)
    context = {
        "stay": stay,
        "change": change,
        "form": form,
        "consequences": consequences_of(change.action, stay),
    }
    return render(request, "wards/change.jinja", context, status=422 if form.is_bound else 200)


def _make(request: SignedInRequest, change: Change, stay: Stay, form: ChangeForm) -> Stay | None:
    """Make the change; or say in `form` why it cannot be, and return nothing."""
    try:
        return change.do(stay=stay, by=person(request.user), **form.facts())
    except BedTaken:
        form.add_error(form.place, "Somebody took this bed meanwhile: choose another.")
    except WardFull as full:
        form.add_error(
            form.place or None, f"{full.ward} is full: its capacity is {full.ward.capacity}."
        )
    except PatientKnown as known:
        for name, error in errors_of_numbers(form.cleaned_data, known.patient).items():
            form.add_error(name, error)
    return None


def _answer_to_an_old_page(request: SignedInRequest, stay: Stay) -> HttpResponse:
    old_pages.say_so(request, stay)
    return redirect("patient", stay.patient_id)


def _after(request: SignedInRequest, before: Stay, changed: Stay) -> HttpResponse:
    """Go to the patient; or, if they went out of the person's sight, to the board they left."""
    if has_role_on(request.user, changed.ward):
        return redirect("patient", changed.patient_id)
    return redirect("ward_board", before.ward.slug)
