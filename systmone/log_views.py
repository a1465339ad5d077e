"""The pages of the way into SystmOne of the audit log of a discharge, and back out of it."""

from functools import partial

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from systmone import discharge_logs, writing_pages
from systmone.panels import addresses_of_log, facts_of_log, facts_of_undone_log
from systmone.writing_pages import Pushed
from wards import queries
from wards.features import Feature, requires
from wards.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.SYSTMONE)
def push_log(request: SignedInRequest, pk: int, stay: int) -> HttpResponse:
    """Show exactly what SystmOne will get; send it once two identifiers are confirmed."""
    return writing_pages.push_page(request, _found(request, pk, stay))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.SYSTMONE)
def withdraw_log(request: SignedInRequest, pk: int, stay: int) -> HttpResponse:
    """Delete the log from SystmOne, with a reason; also where the stay was reopened."""
    return writing_pages.withdraw_page(request, _found(request, pk, stay))


@require_safe
@requires(Feature.SYSTMONE)
def state(request: SignedInRequest, pk: int, stay: int) -> HttpResponse:
    """How the log stands in SystmOne."""
    return writing_pages.state_panel(request, _found(request, pk, stay))


@require_POST
@requires(Feature.SYSTMONE)
def decide_call(request: SignedInRequest, pk: int, stay: int) -> HttpResponse:
    """Keep what a person has seen in SystmOne where the Hub could not find out."""
    return writing_pages.decide_call(request, _found(request, pk, stay))


@require_POST
@requires(Feature.SYSTMONE)
def cancel_call(request: SignedInRequest, pk: int, stay: int) -> HttpResponse:
    """Take back what waits to be sent, or leave what has failed as it is."""
    return writing_pages.cancel_call(request, _found(request, pk, stay))


def _found(request: SignedInRequest, pk: int, stay_id: int) -> Pushed:
    """Return the log as its pages need it. Raises Http404 where the patient is out of sight."""
    stay = queries.find_stay(request.user, pk, stay_id)
    facts = facts_of_undone_log if stay.is_open else facts_of_log
    return Pushed(
        name="discharge audit log",
        stay=stay,
        addresses=addresses_of_log(stay),
        call=discharge_logs.call_of(stay),
        text=partial(discharge_logs.text_of, stay),
        push=lambda by: discharge_logs.push(stay=stay, by=by),
        facts=partial(facts, stay),
    )
