"""The pages of a patient task's way into SystmOne, and back out of it."""

from functools import partial

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from systmone import task_sending, writing_pages
from systmone.panels import addresses_of_task, facts_of_task
from systmone.writing_pages import Pushed
from tasks.queries import find_task
from wards import queries
from wards.features import Feature, requires
from wards.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.SYSTMONE)
def push_task(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Show exactly what SystmOne will get; send it once two identifiers are confirmed."""
    return writing_pages.push_page(request, _found(request, public_id))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Feature.SYSTMONE)
def withdraw_task(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Delete the task from SystmOne, with a reason; it stays in the Hub."""
    return writing_pages.withdraw_page(request, _found(request, public_id))


@require_safe
@requires(Feature.SYSTMONE)
def state(request: SignedInRequest, public_id: str) -> HttpResponse:
    """How the task stands in SystmOne."""
    return writing_pages.state_panel(request, _found(request, public_id))


@require_POST
@requires(Feature.SYSTMONE)
def decide_call(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Keep what a person has seen in SystmOne where the Hub could not find out."""
    return writing_pages.decide_call(request, _found(request, public_id))


@require_POST
@requires(Feature.SYSTMONE)
def cancel_call(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take back what waits to be sent, or leave what has failed as it is."""
    return writing_pages.cancel_call(request, _found(request, public_id))


def _found(request: SignedInRequest, public_id: str) -> Pushed:
    """Return the task as its pages need it. Raises Http404 where it is out of sight."""
    task = find_task(request.user, public_id)
    if task.patient_id is None:
        raise Http404
    return Pushed(
        name="task",
        stay=queries.find_stay(request.user, task.patient_id),
        addresses=addresses_of_task(task),
        call=task_sending.call_of(task),
        text=partial(task_sending.text_of, task),
        push=lambda by: task_sending.push(task=task, by=by),
        facts=partial(facts_of_task, task),
    )
