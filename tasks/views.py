"""The diary's pages."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh, push_url

from audit.events import record
from tasks import actions, diary
from tasks.actions import TaskChanged
from tasks.forms import ActForm, BoardForm, CancelForm
from tasks.models import Status, Task
from tasks.my_tasks import MyTasks, read_my_tasks
from tasks.notices import Notice, notice_of, notice_of_change, proposals_notice, undo_of
from tasks.panels import on_tasks
from tasks.patients import viewed_stay
from tasks.policies import can_cancel, can_edit, can_reopen
from tasks.queries import find_task, history_of
from tasks.shifts import ONE_DAY
from tasks.transitions import Action
from tasks.ward_notices import notices_for
from wards.access import wards_visible_to
from wards.actors import person
from wards.features import Feature, requires
from wards.models import User, Ward
from wards.queries import find_stay, find_ward
from wards.requests import SignedInRequest
from wards.viewing import record_names, record_view


@require_GET
def my_diary(request: SignedInRequest) -> HttpResponse:
    """Go to the diary of the ward that the person looked at last, or of their first."""
    wards = wards_visible_to(request.user)
    ward = wards.filter(slug=request.session.get("ward", "")).first() or wards.first()
    if ward is None:
        return render(request, "tasks/no_ward.jinja")
    return redirect("ward_diary", ward.slug)


@require_GET
def ward_diary(request: SignedInRequest, ward: str, day: date | None = None) -> HttpResponse:
    """The diary of a ward: of a given day, or following the clock from shift to shift."""
    found = find_ward(request.user, ward)
    if request.session.get("ward") != found.slug:
        request.session["ward"] = found.slug
    shown = day or diary.current_day(found, timezone.now())
    context = {
        **_board(request, found, shown, follows_the_clock=day is None),
        "ward": found,
        "wards": wards_visible_to(request.user),
        "day_before": shown - ONE_DAY,
        "day_after": shown + ONE_DAY,
        "proposals": proposals_notice(request.user, found, now=timezone.now()),
        "ward_notices": notices_for(request.user, found),
    }
    _record_names(request, found, context["diary"])
    return render(request, "tasks/diary.jinja", context)


@require_GET
def board(request: SignedInRequest, ward: str) -> HttpResponse:
    """The board alone, for a page that refreshes itself; 204 if the page shows it already."""
    found = find_ward(request.user, ward)
    form = BoardForm(request.GET)
    if not form.is_valid():
        raise BadRequest
    day, follows_the_clock = form.cleaned_data["day"], form.cleaned_data["follows_the_clock"]
    if follows_the_clock and day != diary.current_day(found, timezone.now()):
        return HttpResponseClientRefresh()
    context = _board(request, found, day, follows_the_clock=follows_the_clock)
    if context["diary"].version == form.cleaned_data["version"]:
        return HttpResponse(status=204)
    _record_names(request, found, context["diary"])
    return render(request, "tasks/board.jinja", context)


@require_GET
def my_tasks(request: SignedInRequest) -> HttpResponse:
    """What the person has claimed, on all their wards."""
    context = _my_board(request)
    _record_my_names(request, context["my_tasks"])
    return render(request, "tasks/my_tasks.jinja", context)


@require_GET
def my_tasks_board(request: SignedInRequest) -> HttpResponse:
    """The board of My Tasks alone; 204 if the page shows it already."""
    context = _my_board(request)
    if context["my_tasks"].version == request.GET.get("version"):
        return HttpResponse(status=204)
    _record_my_names(request, context["my_tasks"])
    return render(request, "tasks/my_tasks_board.jinja", context)


@require_http_methods(["GET", "POST"])
def act(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Do what a card's button says, then show the board, with the reason if it was not done.

    Whose session ended is sent here again, by GET, after the sign-in: to the task, nothing done.
    """
    task = find_task(request.user, public_id)
    if request.method == "GET":
        return redirect("task", task.public_id)
    form = ActForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    action = Action(form.cleaned_data["action"])
    if action is Action.REOPEN and not can_reopen(request.user, task):
        raise PermissionDenied
    task.version = form.cleaned_data["version"]
    do = partial(actions.ONE_CLICK[action], task=task, by=person(request.user))
    notice = _notice_after(action, do, request.user, undo=undo_of(action, task))
    return _answer(request, task, form.cleaned_data, notice)


@require_GET
def task(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One task with its history."""
    found = find_task(request.user, public_id)
    now = timezone.now()
    context = {
        "task": found,
        "card": diary.read_card(task=found, user=request.user, now=now),
        "history": history_of(found),
        "stay": viewed_stay(found, request.user),
        "can_reopen": _may_be_reopened(found, request.user),
        "can_cancel": found.is_open and can_cancel(request.user, found),
        "can_edit": can_edit(found),
        "panels": on_tasks.of(found),
    }
    return render(request, "tasks/task.jinja", context)


def _may_be_reopened(task: Task, user: User) -> bool:
    is_cancelled = task.status == Status.CANCELLED
    return is_cancelled and can_reopen(user, task) and actions.is_with_its_patient(task)


@require_http_methods(["GET", "POST"])
def cancel(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Call a task off, with a reason: for those who run the ward."""
    found = find_task(request.user, public_id)
    if not can_cancel(request.user, found):
        raise PermissionDenied
    form = CancelForm(request.POST or None, initial={"version": found.version})
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        context = {"task": found, "form": form, "stay": viewed_stay(found, request.user)}
        return render(request, "tasks/cancel.jinja", context, status=status)
    found.version = form.cleaned_data["version"]
    reason = form.cleaned_data["reason"]
    do = partial(actions.cancel, task=found, by=person(request.user), reason=reason)
    notice = _notice_after(Action.CANCEL, do, request.user)
    return back_to_the_diary(request, found, found.due_on, notice)


def _notice_after(
    action: Action, do: Callable[[], Task], user: User, *, undo: Action | None = None
) -> Notice:
    try:
        return notice_of(action, do(), undo)
    except TaskChanged as conflict:
        return notice_of_change(conflict, user)
    except Task.DoesNotExist:  # its template was changed at this very moment
        raise Http404 from None


@require_safe
@requires(Feature.PATIENTS)
def patient_work(request: SignedInRequest, pk: int) -> HttpResponse:
    """All open and recent work of one patient."""
    stay = find_stay(request.user, pk)
    record_view(pk, ward=stay.ward, by=person(request.user))
    context = {
        "stay": stay,
        "sections": diary.read_patient(patient_id=pk, user=request.user, now=timezone.now()),
        "day": diary.current_day(stay.ward, timezone.now()),
        "show": request.GET.get("show", ""),
    }
    return render(request, "tasks/patient_work.jinja", context)


def _board(
    request: SignedInRequest, ward: Ward, day: date, *, follows_the_clock: bool
) -> dict[str, Any]:
    now = timezone.now()
    return {
        "diary": diary.read(ward=ward, day=day, user=request.user, now=now),
        "follows_the_clock": follows_the_clock,
        "show": request.GET.get("show", ""),
        "now": now,
    }


def _my_board(request: SignedInRequest) -> dict[str, Any]:
    now = timezone.now()
    return {
        "my_tasks": read_my_tasks(user=request.user, now=now),
        "show": request.GET.get("show", ""),
        "now": now,
    }


def _record_names(request: SignedInRequest, ward: Ward, shown: diary.Diary) -> None:
    """Note that the person has seen the names of the diary's patients, where there are any."""
    if patients := shown.patient_ids:
        record_names(patients, page="ward_diary", ward=ward, by=person(request.user))


def _record_my_names(request: SignedInRequest, shown: MyTasks) -> None:
    """Note that the person has seen the names on My Tasks, which may be of several wards."""
    if patients := shown.patient_ids:
        by = person(request.user)
        record(by=by, action="my_tasks.view", detail={"patients": sorted(patients)})


def _answer(
    request: SignedInRequest, task: Task, shown: Mapping[str, Any], notice: Notice
) -> HttpResponse:
    if shown["on_patient_page"] and task.patient_id:
        return _back_to_the_patient(request, task, notice)
    if shown["on_my_tasks"]:
        if not request.htmx:
            return _back_to(reverse("my_tasks"), request, task, notice)
        context = _my_board(request)
        _record_my_names(request, context["my_tasks"])
        return _show_board(request, "tasks/my_tasks_board.jinja", context, notice)
    if not request.htmx:
        return back_to_the_diary(request, task, shown["day"], notice)
    # The patient, and so the task, may have been moved to another ward than the page's.
    moved = shown["ward"] not in ("", task.ward.slug)
    ward = find_ward(request.user, shown["ward"]) if moved else task.ward
    context = _board(request, ward, shown["day"], follows_the_clock=shown["follows_the_clock"])
    _record_names(request, ward, context["diary"])
    return _show_board(request, "tasks/board.jinja", context, notice)


def _show_board(
    request: SignedInRequest, template: str, context: Mapping[str, Any], notice: Notice
) -> HttpResponse:
    status = 409 if notice.is_problem else 200
    response = render(request, template, {**context, "notice": notice}, status=status)
    return push_url(response, url=False)


def back_to_the_diary(
    request: SignedInRequest, task: Task, day: date, notice: Notice
) -> HttpResponse:
    """Go to the diary of `day`, with the card of `task` in view and `notice` above."""
    address = reverse("ward_diary_of_day", args=[task.ward.slug, day])
    if day == diary.current_day(task.ward, timezone.now()):
        address = reverse("ward_diary", args=[task.ward.slug])
    return _back_to(address, request, task, notice)


def _back_to_the_patient(request: SignedInRequest, task: Task, notice: Notice) -> HttpResponse:
    return _back_to(reverse("patient_work", args=[task.patient_id]), request, task, notice)


def _back_to(address: str, request: SignedInRequest, task: Task, notice: Notice) -> HttpResponse:
    level = messages.WARNING if notice.is_problem else messages.SUCCESS
    messages.add_message(request, level, notice.text)
    return redirect(f"{address}?show={task.public_id}#{task.public_id}")
