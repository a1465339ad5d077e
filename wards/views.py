"""The pages of beds and patients; what is done to a stay stands in `stay_views`."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audit.events import record
from wards import board, panels, patient_pages, queries, timeline
from wards.access import wards_visible_to
from wards.actors import person
from wards.changes import changes_of
from wards.features import Feature, requires
from wards.forms import SearchForm
from wards.models import Ward
from wards.requests import SignedInRequest
from wards.viewing import record_names, record_view

SHOWN_ENTRIES = 100


@require_safe
@requires(Feature.PATIENTS)
def my_board(request: SignedInRequest) -> HttpResponse:
    """Go to the board of the ward that the person looked at last, or of their first."""
    ward = _ward_at_hand(request)
    return redirect("ward_board", ward.slug) if ward else redirect("/")


def _ward_at_hand(request: SignedInRequest) -> Ward | None:
    wards = wards_visible_to(request.user)
    return wards.filter(slug=request.session.get("ward", "")).first() or wards.first()


@require_safe
@requires(Feature.PATIENTS)
def ward_board(request: SignedInRequest, ward: str) -> HttpResponse:
    """Every bed of a ward with its patient."""
    found = queries.find_ward(request.user, ward)
    if request.session.get("ward") != found.slug:
        request.session["ward"] = found.slug
    shown = board.read(found)
    by = person(request.user)
    record_names(shown.patient_ids, page="ward_board", ward=found, by=by)
    wards = wards_visible_to(request.user)
    context = {"board": shown, "ward": found, "wards": wards, "now": timezone.now()}
    notices = {"ward_notices": panels.above_wards.of(found)}
    return render(request, "wards/board.jinja", {**context, **notices})


@require_safe
@requires(Feature.PATIENTS)
def refreshed_board(request: SignedInRequest, ward: str) -> HttpResponse:
    """The beds alone, for a page that refreshes itself; 204 if the page shows them already."""
    found = queries.find_ward(request.user, ward)
    shown = board.read(found)
    if shown.version == request.GET.get("version"):
        return HttpResponse(status=204)
    by = person(request.user)
    record_names(shown.patient_ids, page="ward_board", ward=found, by=by)
    context = {"board": shown, "ward": found, "is_refresh": True}
    return render(request, "wards/beds.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.PATIENTS)
def search(request: SignedInRequest) -> HttpResponse:
    """Find patients; the words come by POST, so that no address, and so no log, has them."""
    form = SearchForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    stays, has_more = queries.search(request.user, words)
    if words:
        by = person(request.user)
        record(
            by=by, action="patient.search", detail={"found": [stay.patient_id for stay in stays]}
        )
    context = {"stays": stays, "has_more": has_more, "searched_for": words}
    return render(request, "wards/search.jinja", context)


@require_safe
@requires(Feature.PATIENTS)
def patient(request: SignedInRequest, pk: int) -> HttpResponse:
    """One patient: who they are, where they stay, what happened, and who has looked."""
    stay = queries.find_stay(request.user, pk)
    record_view(pk, ward=stay.ward, by=person(request.user))
    entries = timeline.entries_of(pk, request.user)
    shown = entries if "everything" in request.GET else entries[:SHOWN_ENTRIES]
    context = {
        "stay": stay,
        "changes": changes_of(stay, request.user),
        "ward_again": None if stay.is_open else _ward_at_hand(request),
        "days": timeline.by_day(shown),
        "entries_left": len(entries) - len(shown),
        "pages": patient_pages.registered(),
        "panels": panels.on_patients.of(stay),
        "panels_above": panels.above_patients.of(stay),
        "earlier_stays": queries.stays_before(stay),
        "views": queries.views_of(pk),
    }
    return render(request, "wards/patient.jinja", context)


@require_safe
@requires(Feature.PATIENTS)
def earlier_stay(request: SignedInRequest, pk: int, stay: int) -> HttpResponse:
    """One of the patient's stays that is over, with what happened in it."""
    current, found = queries.find_stay(request.user, pk), queries.find_stay(request.user, pk, stay)
    if found == current:
        return redirect("patient", pk)
    record_view(pk, ward=found.ward, by=person(request.user), detail={"stay": stay})
    days = timeline.by_day(timeline.entries_during(found, request.user))
    return render(request, "wards/earlier_stay.jinja", {"stay": found, "days": days})
