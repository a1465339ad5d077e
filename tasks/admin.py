"""The admin of recurring work and of the diary's tasks."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone

from tasks import recurrence
from tasks.actions import TaskChanged
from tasks.admin_filters import DaysFilter, OverdueFilter
from tasks.admin_forms import (
    AddTaskForm,
    CancelTasksForm,
    ReopenTasksForm,
    TasksForm,
    TemplateForm,
)
from tasks.creation import add_ward_task
from tasks.models import Kind, Shift, Task, TaskEvent, TaskTemplate
from tasks.week import read_week
from tasks.words import weekdays
from wards.access import wards_visible_to
from wards.features import Feature
from wards.models import Role
from wards.scoped_admin import InScopeFilter, ReadOnlyInline, ScopedAdmin, acting, signed_in

MOST_AT_ONCE = 100


@admin.register(TaskTemplate)
class TemplateAdmin(ScopedAdmin[TaskTemplate]):
    """Recurring work; a change reaches tasks that nobody has touched, from tomorrow on."""

    feature = Feature.DIARY
    seen_by = added_by = changed_by = deleted_by = Role.WARD_ADMIN

    form = TemplateForm
    fieldsets = [
        (None, {"fields": ["ward", "title", "instructions"]}),
        ("When", {"fields": ["weekdays", "shift", "active_from", "active_until"]}),
        ("How", {"fields": ["priority", "carry_over", "audit_type", "guide"]}),
    ]
    list_display = ["title", "ward", "shift", "days", "priority", "audit_type", "active_until"]
    list_filter = [("ward", InScopeFilter), "shift", "priority", "audit_type", "active_until"]
    list_select_related = ["ward"]
    search_fields = ["title"]

    @admin.display(description="on")
    def days(self, template: TaskTemplate) -> str:
        return weekdays(template.weekdays)

    def get_readonly_fields(
        self, request: HttpRequest, obj: TaskTemplate | None = None
    ) -> list[str]:
        return ["ward"] if obj else []

    def save_model(self, request: HttpRequest, obj: TaskTemplate, form: Any, change: Any) -> None:
        # Saving makes tomorrow's untouched tasks anew, which nothing calls for here.
        if form.has_changed() or not change:
            recurrence.save_template(template=obj, by=acting(request))

    def delete_model(self, request: HttpRequest, obj: TaskTemplate) -> None:
        recurrence.delete_template(template=obj, by=acting(request))

    def own_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.week)
        return [path("week/", view, name="tasks_tasktemplate_week")]

    def week(self, request: HttpRequest) -> HttpResponse:
        """What the templates of a ward will put in the diary: a table of days and shifts."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        wards = wards_visible_to(signed_in(request), role=self.seen_by)
        chosen = request.GET.get("ward", "")
        ward = get_object_or_404(wards, slug=chosen) if chosen else wards.first()
        return self.own_page(
            request,
            "week.html",
            title="The coming seven days",
            subtitle=ward,
            wards=wards,
            ward=ward,
            shifts=Shift.labels,
            week=read_week(ward=ward, now=timezone.now()) if ward else [],
        )


class HistoryInline(ReadOnlyInline[TaskEvent, Task]):
    model = TaskEvent
    fields = ["at", "action", "by_name", "source", "reason"]
    verbose_name_plural = "history"


@admin.register(Task)
class TaskAdmin(ScopedAdmin[Task]):
    """Ward tasks: seen with their history, added, cancelled and reopened; never edited."""

    feature = Feature.DIARY
    seen_by = added_by = Role.WARD_ADMIN

    form = AddTaskForm
    added_fields = [
        "ward",
        "title",
        "instructions",
        "due_on",
        "shift",
        "priority",
        "carry_over",
        "audit_type",
        "guide",
    ]
    followed_fields = [
        "status",
        "claimed_by",
        "claimed_at",
        "completed_by_name",
        "completed_at",
        "cancelled_reason",
        "template",
    ]
    inlines = [HistoryInline]
    list_display = ["title", "ward", "due_on", "shift", "priority", "status", "claimed_by"]
    list_filter = [
        DaysFilter,
        ("ward", InScopeFilter),
        OverdueFilter,
        "status",
        "shift",
        "audit_type",
        "due_on",
    ]
    list_select_related = ["ward", "claimed_by"]
    search_fields = ["title"]
    date_hierarchy = "due_on"
    ordering = ["due_on", "shift", "ward__name", "title"]  # shifts stand by the alphabet
    actions = ["cancel_tasks", "reopen_tasks"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Task]:
        return super().get_queryset(request).filter(kind=Kind.WARD)

    def get_fieldsets(self, request: HttpRequest, obj: Task | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": self.added_fields})]
        return [(None, {"fields": [*self.added_fields, *self.followed_fields]})]

    def get_inlines(self, request: HttpRequest, obj: Task | None) -> list[Any]:
        return self.inlines if obj else []

    def save_model(self, request: HttpRequest, obj: Task, form: Any, change: Any) -> None:
        add_ward_task(task=obj, by=acting(request))

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Say whether the person may cancel and reopen tasks: those who run the ward."""
        return self.has_view_permission(request)

    @admin.action(description="Cancel selected tasks", permissions=["run"])
    def cancel_tasks(self, request: HttpRequest, tasks: QuerySet[Task]) -> HttpResponse | None:
        return self._ask_then_perform(request, tasks, CancelTasksForm)

    @admin.action(description="Reopen selected tasks", permissions=["run"])
    def reopen_tasks(self, request: HttpRequest, tasks: QuerySet[Task]) -> HttpResponse | None:
        return self._ask_then_perform(request, tasks, ReopenTasksForm)

    def _ask_then_perform(
        self, request: HttpRequest, tasks: QuerySet[Task], form_class: type[TasksForm]
    ) -> HttpResponse | None:
        """Show the tasks as they are; when that page comes back, do it to those still so."""
        is_answer = "confirmed" in request.POST
        if is_answer:  # also those that the list, with its filters, has lost meanwhile
            shown = request.POST.getlist(ACTION_CHECKBOX_NAME)
            tasks = self.get_queryset(request).filter(pk__in=shown)
        first = self._first(request, tasks)
        chosen = [task for task in first if is_answer or task.status in form_class.sources]
        if not chosen:
            self.message_user(request, form_class.nothing_fits, messages.WARNING)
            return None
        form = form_class(request.POST if is_answer else None, tasks=chosen)
        if form.is_valid():
            self._perform(request, chosen, form)
            return None
        return self.own_page(
            request,
            "confirm.html",
            title=f"{form.verb} tasks",
            tasks=chosen,
            form=form,
            selected_name=ACTION_CHECKBOX_NAME,
        )

    def _first(self, request: HttpRequest, tasks: QuerySet[Task]) -> list[Task]:
        first = list(tasks[: MOST_AT_ONCE + 1])
        if len(first) > MOST_AT_ONCE:
            text = (
                f"At most {MOST_AT_ONCE} tasks at a time: these are the first of {tasks.count()}."
            )
            self.message_user(request, text, messages.WARNING)
        return first[:MOST_AT_ONCE]

    def _perform(self, request: HttpRequest, tasks: Iterable[Task], form: TasksForm) -> None:
        """Perform `form`, with Django's own history, and tell what was and was not done."""
        for task in tasks:
            try:
                with transaction.atomic():
                    changed = form.perform(task, acting(request))
                    self.log_change(request, changed, f"{form.done.capitalize()}.")
            except TaskChanged as conflict:
                now = conflict.current.get_status_display().lower()
                text = f"{task} was not {form.done}: somebody has changed it, or it is {now}."
                self.message_user(request, text, messages.WARNING)
            else:
                self.message_user(request, f"{task} is {form.done}.", messages.SUCCESS)
