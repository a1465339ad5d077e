"""The pages of a discharge: its checklist, and the decision."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from wards import discharges, old_pages, queries
from wards.actors import person
from wards.consequences import consequences_of
from wards.discharge_forms import ReasonForm, VersionForm
from wards.discharges import NotAllowed, NotComplete
from wards.features import Feature, requires
from wards.models import Discharge, DischargeCheck, Stay, StayEvent
from wards.requests import SignedInRequest
from wards.stays import StayChanged, is_allowed
from wards.viewing import record_view


def _from_its_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let `view` answer the forms of the page of a discharge.

    Whose session ended comes by GET after the sign-in: to the page, nothing done. A page that was
    out of date changes nothing and says so.
    """

    @wraps(view)
    @require_http_methods(["GET", "HEAD", "POST"])
    @requires(Feature.PATIENTS)
    def answer(request: SignedInRequest, pk: int, **parts: int) -> HttpResponse:
        stay = queries.find_stay(request.user, pk)
        if request.method != "POST":
            return redirect("discharge", pk)
        try:
            return view(request, stay, **parts)
        except StayChanged:
            old_pages.say_so(request, stay)
        except NotAllowed as refusal:
            messages.warning(request, str(refusal))
        except NotComplete as refusal:
            messages.warning(request, f"Not yet: {', '.join(refusal.missing)}.")
        return redirect("discharge", pk)

    return answer


@require_safe
@requires(Feature.PATIENTS)
def discharge(request: SignedInRequest, pk: int) -> HttpResponse:
    """The checklist of a pending discharge; or, before it, how to start one."""
    stay = queries.find_stay(request.user, pk)
    pending = discharges.pending(stay)
    if pending is None and not is_allowed(StayEvent.Action.START_DISCHARGE, stay):
        return redirect("patient", pk)
    return _page(request, stay, pending, ReasonForm(initial={"version": stay.version}))


@_from_its_page
def start(request: SignedInRequest, stay: Stay) -> HttpResponse:
    """Begin a discharge."""
    discharges.start(stay=_as_shown(request, stay), by=person(request.user))
    return redirect("discharge", stay.patient_id)


@_from_its_page
def check(request: SignedInRequest, stay: Stay, *, item: int) -> HttpResponse:
    """Tick an item of the checklist."""
    discharges.check(item=_item(stay, item), by=person(request.user))
    return redirect("discharge", stay.patient_id)


@_from_its_page
def uncheck(request: SignedInRequest, stay: Stay, *, item: int) -> HttpResponse:
    """Take the tick of an item back."""
    discharges.uncheck(item=_item(stay, item), by=person(request.user))
    return redirect("discharge", stay.patient_id)


@_from_its_page
def confirm(request: SignedInRequest, stay: Stay) -> HttpResponse:
    """Discharge the patient now."""
    pending = _pending(_as_shown(request, stay))
    discharges.confirm(discharge=pending, by=person(request.user))
    return redirect("discharge_log", stay.patient_id)


@_from_its_page
def send_back(request: SignedInRequest, stay: Stay) -> HttpResponse:
    """Send a discharge back, with a reason."""
    pending = _pending(_as_shown(request, stay))
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, stay, pending, form)
    reason = form.cleaned_data["reason"]
    discharges.send_back(discharge=pending, by=person(request.user), reason=reason)
    return redirect("patient", stay.patient_id)


def _page(
    request: SignedInRequest, stay: Stay, pending: Discharge | None, form: ReasonForm
) -> HttpResponse:
    record_view(stay.patient_id, ward=stay.ward, by=person(request.user))
    context = {
        "stay": stay,
        "discharge": pending,
        "why_not_start": discharges.why_not_start(stay, request.user),
        "who_confirms": discharges.who_confirms(stay.ward),
        "why_not_confirm": pending and discharges.why_not_confirm(pending, request.user),
        "may_send_back": pending and discharges.may_send_back(pending, request.user),
        "consequences": consequences_of(StayEvent.Action.DISCHARGE, stay),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "wards/discharge.jinja", context, status=status)


def _as_shown(request: SignedInRequest, stay: Stay) -> Stay:
    """Return `stay` in the version that the page showed. Raises StayChanged without one."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise StayChanged(stay)
    stay.version = form.cleaned_data["version"]
    return stay


def _pending(stay: Stay) -> Discharge:
    """Return the pending discharge, of the stay as it was shown. Raises StayChanged if none is."""
    pending = discharges.pending(stay)
    if pending is None:
        raise StayChanged(stay)
    pending.stay = stay
    return pending


def _item(stay: Stay, item: int) -> DischargeCheck:
    """Return an item of the pending discharge. Raises StayChanged if there is none."""
    found = _pending(stay).checks.select_related("discharge__stay__ward").filter(pk=item).first()
    if found is None:
        raise StayChanged(stay)
    return found
