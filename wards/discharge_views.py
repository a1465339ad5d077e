"""The pages of a discharge: its checklist, the decision, and its audit log."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wards import board_facts, discharges, queries, timeline
from wards.actors import person
from wards.discharge_forms import ReasonForm
from wards.discharges import NotAllowed, NotComplete
from wards.features import Feature, requires
from wards.models import Discharge, DischargeCheck, Stay
from wards.requests import SignedInRequest
from wards.stays import StayChanged, is_allowed
from wards.viewing import record_view

OUT_OF_DATE = "Nothing was changed: your page was out of date. This page shows how it stands now."


@require_safe
@requires(Feature.PATIENTS)
def discharge(request: SignedInRequest, pk: int) -> HttpResponse:
    """The checklist of a pending discharge; or, before it, how to start one."""
    stay = queries.find_stay(request.user, pk)
    pending = discharges.pending(stay)
    may_start = is_allowed(stay.events.model.Action.START_DISCHARGE, stay)
    if pending is None and not may_start:
        return redirect("patient", pk)
    record_view(pk, ward=stay.ward, by=person(request.user))
    return _page(request, stay, pending, ReasonForm())


@require_POST
@requires(Feature.PATIENTS)
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin a discharge."""
    stay = queries.find_stay(request.user, pk)
    return _done(request, pk, partial(discharges.start, stay=stay, by=person(request.user)))


@require_POST
@requires(Feature.PATIENTS)
def check(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    """Tick an item of the checklist."""
    found = _item(request, pk, item)
    return _done(request, pk, partial(discharges.check, item=found, by=person(request.user)))


@require_POST
@requires(Feature.PATIENTS)
def uncheck(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    """Take the tick of an item back."""
    return _done(request, pk, partial(discharges.uncheck, item=_item(request, pk, item)))


@require_POST
@requires(Feature.PATIENTS)
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Discharge the patient now."""
    pending = _pending(request, pk)
    by = person(request.user)
    return _done(
        request, pk, partial(discharges.confirm, discharge=pending, by=by), "discharge_log"
    )


@require_http_methods(["POST"])
@requires(Feature.PATIENTS)
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send a discharge back, with a reason."""
    pending = _pending(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, pending.stay, pending, form)
    by, reason = person(request.user), form.cleaned_data["reason"]
    return _done(
        request,
        pk,
        partial(discharges.send_back, discharge=pending, by=by, reason=reason),
        "patient",
    )


@require_safe
@requires(Feature.PATIENTS)
def log(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who did what when in the stay, to read and to copy."""
    stay = queries.find_stay(request.user, pk)
    if stay.is_open:
        raise Http404
    record_view(pk, ward=stay.ward, by=person(request.user))
    entries = [one for one in timeline.entries_of(pk) if one.at >= stay.admitted_at]
    confirmed = stay.discharges.filter(outcome=Discharge.Outcome.CONFIRMED).first()
    context = {"stay": stay, "entries": entries[::-1], "discharge": confirmed}
    return render(request, "wards/discharge_log.jinja", context)


def _page(
    request: SignedInRequest, stay: Stay, pending: Discharge | None, form: ReasonForm
) -> HttpResponse:
    context = {
        "stay": stay,
        "discharge": pending,
        "why_not_decide": discharges.why_not_decide(pending, request.user) if pending else "",
        "work": board_facts.facts_of([stay.patient_id]).get(stay.patient_id, []),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "wards/discharge.jinja", context, status=status)


def _done(
    request: SignedInRequest, pk: int, do: Callable[[], object], then: str = "discharge"
) -> HttpResponse:
    """Do it and go on to `then`; or say why not, on the page of the discharge."""
    try:
        do()
    except StayChanged:
        messages.warning(request, OUT_OF_DATE)
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    except NotComplete as refusal:
        messages.warning(request, f"Not yet: {', '.join(refusal.missing)}.")
    else:
        return redirect(then, pk)
    return redirect("discharge", pk)


def _pending(request: SignedInRequest, pk: int) -> Discharge:
    """Return the patient's pending discharge. Raises Http404 where there is none."""
    pending = discharges.pending(queries.find_stay(request.user, pk))
    if pending is None:
        raise Http404
    return pending


def _item(request: SignedInRequest, pk: int, item: int) -> DischargeCheck:
    return get_object_or_404(_pending(request, pk).checks, pk=item)
