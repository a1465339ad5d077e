"""The audit log of a discharge: as a page with a text to copy, and as a PDF."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from wards import discharge_log, downloads, panels, queries
from wards.actors import person
from wards.features import Feature, requires
from wards.models import Stay
from wards.requests import SignedInRequest
from wards.viewing import record_view


@require_safe
@requires(Feature.PATIENTS)
def page(request: SignedInRequest, pk: int, stay: int | None = None) -> HttpResponse:
    """Who did what when in the patient's last stay, or in the one of this number."""
    ended = _ended(request, pk, stay)
    record_view(pk, ward=ended.ward, by=person(request.user))
    context = {
        "stay": ended,
        "log": discharge_log.read(ended, request.user),
        "panels": panels.on_discharge_logs.of(ended),
    }
    return render(request, "wards/discharge_log.jinja", context)


@require_safe
@requires(Feature.PATIENTS)
def as_pdf(request: SignedInRequest, pk: int, stay: int | None = None) -> HttpResponse:
    """The same as a file, whose name tells nothing of the patient."""
    ended = _ended(request, pk, stay)
    by = person(request.user)
    record_view(pk, ward=ended.ward, by=by, detail={"stay": ended.pk, "as": "PDF"})
    context = {
        "log": discharge_log.read(ended, request.user),
        "by": by.name,
        "made_at": timezone.now(),
    }
    page = render_to_string("wards/discharge_log_pdf.jinja", context)
    return downloads.paper(page, name=f"discharge-audit-log-{ended.pk}")


def _ended(request: SignedInRequest, patient_id: int, stay_id: int | None) -> Stay:
    """Return the stay of which there is a log. Raises Http404 if none has ended, or is in sight."""
    stay = queries.find_stay(request.user, patient_id, stay_id)
    if stay.is_open:
        raise Http404
    return stay
