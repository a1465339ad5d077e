"""Adding work to the diary by hand, and changing it."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tasks import creation, shifts
from tasks.actions import TaskChanged
from tasks.creation import add_ward_task
from tasks.models import Kind, Shift, Task
from tasks.notices import notice_of, what_happened
from tasks.patient_work import NotOnAWard, add_appointment, add_patient_task
from tasks.patients import viewed_stay
from tasks.policies import can_edit
from tasks.proposal_views import add_repeating
from tasks.queries import find_task, kinds_in_this_tier
from tasks.repeating_forms import AddWardTaskForm
from tasks.transitions import Action
from tasks.views import back_to_the_diary
from tasks.work_forms import FORMS, WorkForm
from wards.actors import Actor, person
from wards.form_fields import VersionField
from wards.models import Ward
from wards.queries import find_ward, stays_on
from wards.requests import SignedInRequest
from wards.sent_forms import once
from wards.viewing import record_names

ADD_FORMS: dict[Kind, type[WorkForm]] = {**FORMS, Kind.WARD: AddWardTaskForm}

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_OR_POST
def add(request: SignedInRequest, ward: str, day: date, kind: Kind) -> HttpResponse:
    """Add work of one kind, on `day` unless the form says otherwise."""
    if kind not in kinds_in_this_tier():
        raise Http404
    found = find_ward(request.user, ward)
    form = ADD_FORMS[kind](
        request.POST or None,
        initial=_suggestion(request, found, day),
        ward=found,
        now=timezone.now(),
        patients=None if kind is Kind.WARD else stays_on(found),
    )
    if form.is_valid():
        if isinstance(form, AddWardTaskForm) and form.is_repeating:
            return add_repeating(request, found, form.facts())
        try:
            add = partial(ADD[kind], found, person(request.user), form.facts())
            task = once(request.POST, add, Task)
        except NotOnAWard:
            form.add_error("patient", "This patient is not on the ward any more: choose again.")
        else:
            return back_to_the_diary(request, task, task.due_on, notice_of(Action.CREATE, task))
    if kind is not Kind.WARD:
        offered = stays_on(found).values_list("patient", flat=True)
        record_names(offered, page="patient_picker", ward=found, by=person(request.user))
    status = 422 if form.is_bound else 200
    context = {"form": form, "ward": found, "day": day, "kind": kind}
    return render(request, "tasks/add.jinja", context, status=status)


def _add_ward_task(ward: Ward, by: Actor, facts: Mapping[str, Any]) -> Task:
    return add_ward_task(task=Task(ward=ward, **facts), by=by)


ADD: dict[Kind, Callable[[Ward, Actor, Mapping[str, Any]], Task]] = {
    Kind.WARD: _add_ward_task,
    Kind.PATIENT: lambda ward, by, facts: add_patient_task(by=by, **facts),
    Kind.APPOINTMENT: lambda ward, by, facts: add_appointment(by=by, **facts),
}
"""How work of each kind is added; that of a patient belongs to the ward where the patient is."""


def _suggestion(request: SignedInRequest, ward: Ward, day: date) -> dict[str, Any]:
    """Return what a new form says: a day that is not over, the shift on duty, the patient asked."""
    now = timezone.now()
    on_duty = shifts.current_shift(ward, now)
    return {
        "due_on": max(day, shifts.local_date(now)) if day <= on_duty.day else day,
        "shift": on_duty.shift if day <= on_duty.day else Shift.EARLY,
        "patient": request.GET.get("patient", ""),
    }


@GET_OR_POST
def edit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Change work that was added by hand and is still to do."""
    task = find_task(request.user, public_id)
    if not can_edit(task):
        return redirect("task", task.public_id)
    kind = Kind(task.kind)
    form = FORMS[kind](
        request.POST or None,
        initial={name: getattr(task, name) for name in creation.EDITABLE[kind]},
        ward=task.ward,
        now=timezone.now(),
    )
    if form.is_valid():
        try:
            task.version = _version(request)
            creation.edit(task=task, by=person(request.user), **form.cleaned_data)
        except TaskChanged as conflict:
            return _show_conflict(request, conflict, form)
        return back_to_the_diary(request, task, task.due_on, notice_of(Action.EDIT, task))
    return _show_edit_form(request, task, form, status=422 if form.is_bound else 200)


def _version(request: SignedInRequest) -> int:
    try:
        return int(VersionField().clean(request.POST.get("version")))
    except ValidationError:
        raise BadRequest from None


def _show_conflict(request: SignedInRequest, conflict: TaskChanged, form: WorkForm) -> HttpResponse:
    """Say who was first, and keep what was typed: to save it again takes a second look."""
    happened = what_happened(conflict, request.user)
    form.add_error(None, f"Nothing was saved: {happened} Save again if yours is right.")
    return _show_edit_form(request, conflict.current, form, status=409)


def _show_edit_form(
    request: SignedInRequest, task: Task, form: WorkForm, *, status: int
) -> HttpResponse:
    context = {"form": form, "task": task, "stay": viewed_stay(task, request.user)}
    return render(request, "tasks/edit.jinja", context, status=status)
