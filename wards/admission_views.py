"""The pages of an admission."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from wards import admissions, queries
from wards.actors import person
from wards.admission_forms import AdmissionForm
from wards.admissions import AlreadyAdmitted, PatientKnown
from wards.features import Feature, requires
from wards.models import Patient
from wards.requests import SignedInRequest
from wards.stays import BedTaken, WardFull
from wards.viewing import record_view


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.PATIENTS)
def admit(request: SignedInRequest, ward: str, *, form: type[AdmissionForm]) -> HttpResponse:
    """Show a form of admission, or admit and go to the patient's page."""
    found = queries.find_ward(request.user, ward)
    data = request.POST if request.method == "POST" else None
    filled = form(found, data, bed=request.GET.get("bed", ""))
    refusal: dict[str, Any] = {}
    if filled.is_valid():
        by = person(request.user)
        try:
            stay = admissions.admit(patient=filled.patient(), ward=found, by=by, **filled.of_stay())
        except (AlreadyAdmitted, PatientKnown, BedTaken, WardFull) as error:
            refusal = _refuse(request, filled, error)
        else:
            messages.success(request, "The patient is admitted.")
            return redirect("patient", stay.patient_id)
    context = {"ward": found, "form": filled, "bed": request.GET.get("bed", ""), **refusal}
    return render(request, "wards/admission.jinja", context, status=422 if filled.is_bound else 200)


def _refuse(request: SignedInRequest, form: AdmissionForm, error: Exception) -> dict[str, Any]:
    """Say at the field what is wrong; return whom the page may offer instead."""
    match error:
        case PatientKnown():
            form.add_error("nhs_number", "A patient with this NHS number is in the Hub already.")
            record_view(error.patient.pk, ward=form.ward, by=person(request.user))
            return {"known": error.patient, "known_stay": _visible(request, error.patient)}
        case AlreadyAdmitted():
            stay = _visible(request, error.stay.patient)
            where = f"{stay.ward} already" if stay else "another ward; ask for a transfer"
            form.add_error("nhs_number", f"This patient is on {where}.")
            return {"known_stay": stay}
        case WardFull():
            form.add_error("bed", f"{form.ward} is full: its capacity is {form.ward.capacity}.")
        case _:
            form.add_error("bed", "Somebody took this bed meanwhile: choose another.")
    return {}


def _visible(request: SignedInRequest, patient: Patient) -> Any:
    stays = queries.current_stays(request.user).select_related("patient", "ward")
    return stays.filter(patient=patient).first()
