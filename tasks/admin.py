"""The admin of recurring work and of the diary's tasks."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone

from tasks import recurrence
from tasks.admin_filters import DaysFilter, OverdueFilter, ProposalFilter
from tasks.admin_forms import AddTaskForm, TemplateForm
from tasks.bulk_admin import BulkAdmin
from tasks.bulk_forms import (
    ApproveProposalsForm,
    CancelTasksForm,
    DeclineProposalsForm,
    ReopenTasksForm,
)
from tasks.creation import add_ward_task
from tasks.models import Kind, Shift, Task, TaskEvent, TaskTemplate
from tasks.week import read_week
from tasks.words import weekdays
from wards.access import wards_visible_to
from wards.features import Feature
from wards.models import Role, User
from wards.object_history import Entry, from_audit
from wards.scoped_admin import InScopeFilter, ReadOnlyInline, acting, signed_in


@admin.register(TaskTemplate)
class TemplateAdmin(BulkAdmin[TaskTemplate]):
    """Recurring work; a change reaches tasks that nobody has touched, from tomorrow on.

    What somebody proposed is approved or declined, and changed only once it is approved.
    """

    feature = Feature.DIARY
    seen_by = added_by = changed_by = deleted_by = Role.WARD_ADMIN

    form = TemplateForm
    fieldsets = [
        (None, {"fields": ["ward", "title", "instructions"]}),
        ("When", {"fields": ["weekdays", "shift", "active_from", "active_until"]}),
        ("How", {"fields": ["priority", "carry_over", "audit_type", "guide"]}),
    ]
    proposal_fields = [
        "proposed_by",
        "proposed_at",
        "approved_by",
        "approved_at",
        "declined_by",
        "declined_at",
        "declined_reason",
    ]
    list_display = [
        "title",
        "ward",
        "shift",
        "days",
        "priority",
        "audit_type",
        "active_until",
        "approval",
    ]
    list_filter = [
        ProposalFilter,
        ("ward", InScopeFilter),
        "shift",
        "priority",
        "audit_type",
        "active_until",
    ]
    list_select_related = ["ward", "proposed_by"]
    search_fields = ["title"]
    actions = ["approve_proposals", "decline_proposals"]

    @admin.display(description="on")
    def days(self, template: TaskTemplate) -> str:
        return weekdays(template.weekdays)

    @admin.display(description="approval")
    def approval(self, template: TaskTemplate) -> str:
        if template.is_in_force:
            return ""
        return f"{template.proposed_by} waits" if template.is_waiting else "declined"

    def may_touch(self, user: User, row: TaskTemplate) -> bool:
        return row.is_in_force

    def get_fieldsets(self, request: HttpRequest, obj: TaskTemplate | None = None) -> Any:
        if obj is None or obj.proposed_at is None:
            return self.fieldsets
        return [*self.fieldsets, ("Proposal", {"fields": self.proposal_fields})]

    def get_readonly_fields(
        self, request: HttpRequest, obj: TaskTemplate | None = None
    ) -> list[str]:
        return ["ward", *self.proposal_fields] if obj else []

    @admin.action(description="Approve selected proposals", permissions=["run"])
    def approve_proposals(
        self, request: HttpRequest, templates: QuerySet[TaskTemplate]
    ) -> HttpResponse | None:
        return self.ask_then_perform(request, templates, ApproveProposalsForm)

    @admin.action(description="Decline selected proposals", permissions=["run"])
    def decline_proposals(
        self, request: HttpRequest, templates: QuerySet[TaskTemplate]
    ) -> HttpResponse | None:
        return self.ask_then_perform(request, templates, DeclineProposalsForm)

    def history_of(self, request: HttpRequest, row: TaskTemplate) -> list[Entry]:
        return from_audit("template", str(row.pk))

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
class TaskAdmin(BulkAdmin[Task]):
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

    def history_of(self, request: HttpRequest, row: Task) -> list[Entry]:
        return [
            Entry(
                event.at,
                event.by_name,
                event.get_source_display(),
                ": ".join(filter(None, [event.get_action_display().capitalize(), event.reason])),
            )
            for event in row.events.order_by("-at", "-pk")
        ]

    def save_model(self, request: HttpRequest, obj: Task, form: Any, change: Any) -> None:
        add_ward_task(task=obj, by=acting(request))

    @admin.action(description="Cancel selected tasks", permissions=["run"])
    def cancel_tasks(self, request: HttpRequest, tasks: QuerySet[Task]) -> HttpResponse | None:
        return self.ask_then_perform(request, tasks, CancelTasksForm)

    @admin.action(description="Reopen selected tasks", permissions=["run"])
    def reopen_tasks(self, request: HttpRequest, tasks: QuerySet[Task]) -> HttpResponse | None:
        return self.ask_then_perform(request, tasks, ReopenTasksForm)
