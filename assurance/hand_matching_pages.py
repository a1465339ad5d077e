"""The page on which who runs a ward matches its kept audits by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone

from assurance import hand_matching
from assurance.hand_matching import NotAsShown, Suggestion, suggestion_for, tasks_to_choose
from assurance.models import SyncEvent
from assurance.pages import SyncPages
from assurance.payloads import without_secrets
from assurance.readings import in_words
from audit.events import record
from tasks.actions import TaskChanged
from tasks.models import Task
from tasks.words import short_date
from wards.scoped_admin import acting

MOST_SHOWN = 50
LATELY = timedelta(days=14)

CHANGED_MEANWHILE = (
    "Nothing was changed: the audit has been matched, or the task has changed, meanwhile. "
    "Look again below."
)


class MatchForm(forms.Form):
    """Which of the ward's open audit tasks the audit belongs to; the likely one is chosen."""

    task = forms.TypedChoiceField(
        coerce=int,
        error_messages={
            "required": "Choose the task that the audit belongs to.",
            "invalid_choice": "This task is not open any more: choose another.",
        },
    )

    def __init__(
        self, data: Any, *, event: SyncEvent, tasks: Sequence[Task], likely: Suggestion | None
    ) -> None:
        chosen = {"task": likely.task.pk} if likely else {}
        super().__init__(data, initial=chosen, auto_id=f"id_{event.pk}_%s")
        choices = [(task.pk, _label(task)) for task in tasks]
        self.fields["task"].choices = [("", "Choose a task"), *choices]  # type: ignore[attr-defined]


class SetAsideForm(forms.Form):
    """Why no task belongs to the audit."""

    reason = forms.CharField(
        label="Why no task belongs to it",
        max_length=300,
        help_text="for example: done twice, on two devices; nothing about a patient",
        error_messages={"required": "Say why no task belongs to the audit."},
    )

    def __init__(self, data: Any, *, event: SyncEvent) -> None:
        super().__init__(data, auto_id=f"id_{event.pk}_%s")


@dataclass(frozen=True)
class KeptAudit:
    """One kept audit on the page, with its forms."""

    event: SyncEvent
    likely: Suggestion | None
    match: MatchForm
    set_aside: SetAsideForm

    @property
    def readings(self) -> str:
        return ", ".join(in_words(without_secrets(self.event.values), self.event.limits))


class HandMatchingPages(SyncPages):
    """What the class of the sync events adds to Django's pages."""

    def own_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            *super().own_urls(),
            path("kept/", view(self.kept_view), name="assurance_kept"),
            path("<int:pk>/match/", view(self.match_view), name="assurance_match"),
            path("<int:pk>/set-aside/", view(self.set_aside_view), name="assurance_set_aside"),
            path("<int:pk>/take-up/", view(self.take_up_view), name="assurance_take_up"),
        ]

    def kept_view(self, request: HttpRequest) -> HttpResponse:
        """The kept audits of the person's wards, or of the one that `?ward=` names."""
        self.check_may_see(request)
        return self._kept_page(request)

    def match_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Match the audit with the task that the person chose."""
        event = self._kept_event(request, pk)
        if event is None or request.method != "POST":
            return self._back(request, event)
        audit = _kept_audits([event], match=request.POST)[0]
        if not audit.match.is_valid():
            return self._kept_page(request, audit)
        task = get_object_or_404(Task, pk=audit.match.cleaned_data["task"], ward=event.ward)
        try:
            matched = hand_matching.match_by_hand(event=event, task=task, by=acting(request))
        except (NotAsShown, TaskChanged):
            return self._back(request, None)
        done = f"Matched: {matched.task_public_id}, {task.title}, is complete."
        self.message_user(request, done, messages.SUCCESS)
        return redirect("admin:assurance_kept")

    def set_aside_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note that no task belongs to the audit, and why."""
        event = self._kept_event(request, pk)
        if event is None or request.method != "POST":
            return self._back(request, event)
        audit = _kept_audits([event], set_aside=request.POST)[0]
        if not audit.set_aside.is_valid():
            return self._kept_page(request, audit)
        reason = audit.set_aside.cleaned_data["reason"]
        try:
            hand_matching.set_aside(event=event, reason=reason, by=acting(request))
        except NotAsShown:
            return self._back(request, None)
        self.message_user(request, "Set aside: no task belongs to it.", messages.SUCCESS)
        return redirect("admin:assurance_kept")

    def take_up_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep again what was set aside by mistake."""
        self.check_may_see(request)
        event = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method != "POST":
            return self._back(request, event)
        try:
            hand_matching.take_up_again(event=event, by=acting(request))
        except NotAsShown:
            return self._back(request, None)
        self.message_user(request, "The audit is kept again.", messages.SUCCESS)
        return redirect("admin:assurance_kept")

    def _kept_event(self, request: HttpRequest, pk: int) -> SyncEvent | None:
        """Return the event of the person's wards; `None` if it is kept no more."""
        self.check_may_see(request)
        event = get_object_or_404(self.get_queryset(request), pk=pk)
        return self._kept(request).filter(pk=event.pk).first()

    def _back(self, request: HttpRequest, event: SyncEvent | None) -> HttpResponse:
        if event is None:
            self.message_user(request, CHANGED_MEANWHILE, messages.WARNING)
        return redirect("admin:assurance_kept")

    def _kept(self, request: HttpRequest) -> QuerySet[SyncEvent]:
        events = self.get_queryset(request).filter(pk__in=SyncEvent.objects.kept())
        kept = events.filter(ward__isnull=False).select_related("ward", "person", "client")
        return kept.order_by("-completed_at", "-pk")

    def _kept_page(self, request: HttpRequest, wrong: KeptAudit | None = None) -> HttpResponse:
        kept = self._kept(request)
        if ward := request.GET.get("ward"):
            kept = kept.filter(ward__slug=ward)
        lately = self.get_queryset(request).filter(set_aside_at__gte=timezone.now() - LATELY)
        events = list(kept[: MOST_SHOWN + 1])
        audits = _kept_audits(events[:MOST_SHOWN])
        if wrong:
            audits = [wrong if audit.event.pk == wrong.event.pk else audit for audit in audits]
        shown = [audit.event.pk for audit in audits]
        record(by=acting(request), action="sync_events.view", detail={"events": shown})
        return self.own_page(
            request,
            "kept.html",
            title="Audits without a task",
            audits=audits,
            aside=lately.select_related("ward").order_by("-set_aside_at")[:MOST_SHOWN],
            has_more=len(events) > MOST_SHOWN,
            is_wrong=wrong is not None,
        )


def _kept_audits(
    events: Sequence[SyncEvent], *, match: Any = None, set_aside: Any = None
) -> list[KeptAudit]:
    tasks = tasks_to_choose(events)
    found = []
    for event in events:
        choices = tasks.get(event.pk, ())
        likely = suggestion_for(event, choices)
        form = MatchForm(match, event=event, tasks=choices, likely=likely)
        found.append(KeptAudit(event, likely, form, SetAsideForm(set_aside, event=event)))
    return found


def _label(task: Task) -> str:
    return f"{task.title}, {short_date(task.due_on)}, {task.get_shift_display().lower()}"
