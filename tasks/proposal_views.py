"""The pages of repeating work that people propose: made, decided on, changed, withdrawn."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks import proposals
from tasks.models import TaskTemplate
from tasks.notices import what_became_of
from tasks.policies import can_decide, can_revise
from tasks.proposals import ProposalOver, ProposalSettled
from tasks.queries import proposals_on
from tasks.repeating_forms import AsSeenForm, DeclineForm, RepeatingTaskForm
from wards.actors import person
from wards.models import User, Ward
from wards.queries import find_ward
from wards.requests import SignedInRequest
from wards.sent_forms import once

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def proposed(request: SignedInRequest, ward: str) -> HttpResponse:
    """What waits for approval on a ward, and what was decided lately.

    Those who decide see all of it; everybody else what they have proposed themselves.
    """
    found = find_ward(request.user, ward)
    decides = can_decide(request.user, found)
    recent = proposals_on(found, now=timezone.now())
    shown = recent if decides else recent.filter(proposed_by=request.user)
    context = {
        "ward": found,
        "waiting": [template for template in shown if template.is_waiting],
        "decided": [template for template in shown if not template.is_waiting],
        "decides": decides,
    }
    return render(request, "tasks/proposals.jinja", context)


def add_repeating(request: SignedInRequest, ward: Ward, facts: Mapping[str, Any]) -> HttpResponse:
    """Store repeating work as `facts` say, and lead to where it stands now."""
    new = TaskTemplate(ward=ward, **facts)
    add = partial(proposals.add, template=new, by=person(request.user))
    try:
        template = once(request.POST, add, TaskTemplate)
    except TaskTemplate.DoesNotExist:  # sent before, and what it made is withdrawn
        return _answer_to_an_old_page(request, ward, ProposalSettled(new))
    if template.is_in_force:
        messages.success(request, f"{template.title} repeats: its tasks are in the diary.")
        return redirect("ward_diary_of_day", ward.slug, template.active_from)
    if not template.is_waiting:  # sent before, and declined
        return _answer_to_an_old_page(request, ward, ProposalSettled(template))
    messages.success(request, f"{template.title} waits for the approval of a ward admin.")
    return redirect("proposals", ward.slug)


@require_POST
def approve(request: SignedInRequest, ward: str, pk: int) -> HttpResponse:
    """Put what somebody proposed in force."""
    found = _ward_to_decide_on(request.user, ward)
    template = _as_seen(request, _find(found, pk))
    do = partial(proposals.approve, template=template, by=person(request.user))
    return _answer(request, found, do, f"{template.title} is approved: it is in the diary.")


@GET_OR_POST
def decline(request: SignedInRequest, ward: str, pk: int) -> HttpResponse:
    """Decline what somebody proposed, with a reason."""
    found = _ward_to_decide_on(request.user, ward)
    template = _find(found, pk)
    if not template.is_waiting:
        return _answer_to_an_old_page(request, found, ProposalSettled(template))
    form = DeclineForm(request.POST or None)
    if not form.is_valid():
        context = {"template": template, "ward": found, "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "tasks/decline_proposal.jinja", context, status=status)
    do = partial(
        proposals.decline,
        template=_as_seen(request, template),
        by=person(request.user),
        reason=form.cleaned_data["reason"],
    )
    return _answer(request, found, do, f"{template.title} is declined.")


@GET_OR_POST
def revise(request: SignedInRequest, ward: str, pk: int) -> HttpResponse:
    """Change what one has proposed oneself, while it waits."""
    found = find_ward(request.user, ward)
    template = _find(found, pk)
    _check_is_own(request.user, template)
    if not can_revise(request.user, template):
        return _answer_to_an_old_page(request, found, ProposalSettled(template))
    form = RepeatingTaskForm(
        request.POST or None, initial=_known(template), ward=found, now=timezone.now()
    )
    if not form.is_valid():
        return _show_form(request, template, form, status=422 if form.is_bound else 200)
    try:
        seen = _as_seen(request, template)
        proposals.revise(template=seen, by=person(request.user), **form.facts())
    except ProposalSettled as conflict:
        if conflict.current is None or not conflict.current.is_waiting:
            return _answer_to_an_old_page(request, found, conflict)
        form.add_error(None, "You have changed this meanwhile: save again if this is right.")
        return _show_form(request, conflict.current, form, status=409)
    messages.success(request, f"{template.title} is changed, and waits for approval.")
    return redirect("proposals", found.slug)


@require_POST
def withdraw(request: SignedInRequest, ward: str, pk: int) -> HttpResponse:
    """Take back what one has proposed oneself, while it waits."""
    found = find_ward(request.user, ward)
    template = _find(found, pk)
    _check_is_own(request.user, template)
    seen = _as_seen(request, template)
    do = partial(proposals.withdraw, template=seen, by=person(request.user))
    return _answer(request, found, do, f"{template.title} is withdrawn.")


def _ward_to_decide_on(user: User, slug: str) -> Ward:
    ward = find_ward(user, slug)
    if not can_decide(user, ward):
        raise PermissionDenied
    return ward


def _find(ward: Ward, pk: int) -> TaskTemplate:
    """Return a proposal of `ward`; for a withdrawn one a row that no action will find."""
    of_ward = TaskTemplate.objects.proposed().filter(ward=ward)
    return of_ward.select_related("ward").filter(pk=pk).first() or TaskTemplate(ward=ward)


def _check_is_own(user: User, template: TaskTemplate) -> None:
    if template.pk and template.proposed_by_id != user.pk:
        raise PermissionDenied


def _as_seen(request: SignedInRequest, template: TaskTemplate) -> TaskTemplate:
    """Return `template` with the time of the proposal that the page showed."""
    form = AsSeenForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    template.proposed_at = form.cleaned_data["seen"]
    return template


def _answer(
    request: SignedInRequest, ward: Ward, do: Callable[[], object], done: str
) -> HttpResponse:
    try:
        do()
    except ProposalSettled as conflict:
        return _answer_to_an_old_page(request, ward, conflict)
    except ProposalOver:
        messages.warning(request, "Not approved: its last day is over. Decline it.")
        return redirect("proposals", ward.slug)
    messages.success(request, done)
    return redirect("proposals", ward.slug)


def _answer_to_an_old_page(
    request: SignedInRequest, ward: Ward, conflict: ProposalSettled
) -> HttpResponse:
    proposal = conflict.current.title if conflict.current else "the proposal"
    became = what_became_of(conflict, request.user)
    messages.warning(request, f"Nothing was changed: {proposal} {became}.")
    return redirect("proposals", ward.slug)


def _known(template: TaskTemplate) -> dict[str, Any]:
    known = {name: getattr(template, name) for name in proposals.REVISABLE}
    return {**known, "due_on": template.active_from}


def _show_form(
    request: SignedInRequest, template: TaskTemplate, form: RepeatingTaskForm, *, status: int
) -> HttpResponse:
    context = {"form": form, "template": template, "ward": template.ward}
    return render(request, "tasks/revise_proposal.jinja", context, status=status)
