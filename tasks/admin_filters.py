"""Filters of the admin's task list."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from tasks import shifts
from tasks.models import Task, TaskTemplate
from tasks.models.task import OPEN_STATUSES
from tasks.queries import shift_is_over
from wards.access import wards_visible_to
from wards.models import Role
from wards.scoped_admin import signed_in


class DaysFilter(admin.SimpleListFilter):
    """What is overdue, today's and what comes; all days for who asks for days or for words."""

    title = "days"
    parameter_name = "days"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        super().__init__(request, *args)
        asks_for_days = any(name.startswith("due_on") for name in request.GET)
        if asks_for_days or request.GET.get(SEARCH_VAR):
            self.used_parameters[self.parameter_name] = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("all", "All days")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        opening, *others = super().choices(changelist)
        yield {**opening, "display": "Overdue, today and later"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Task]) -> QuerySet[Task]:
        if self.value() == "all":
            return queryset
        today = shifts.local_date(timezone.now())
        return queryset.filter(Q(due_on__gte=today) | Q(status__in=OPEN_STATUSES))


class OverdueFilter(admin.SimpleListFilter):
    """Open tasks whose shift has ended; the clock decides it, no column."""

    title = "overdue"
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Overdue")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Task]) -> QuerySet[Task]:
        if self.value() != "yes":
            return queryset
        wards = wards_visible_to(signed_in(request), role=Role.WARD_ADMIN)
        return queryset.filter(shift_is_over(wards, timezone.now()), status__in=OPEN_STATUSES)


class ProposalFilter(admin.SimpleListFilter):
    """What waits for approval, what was declined, and what is in force."""

    title = "approval"
    parameter_name = "approval"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Waiting for approval"), ("in_force", "In force"), ("no", "Declined")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[TaskTemplate]
    ) -> QuerySet[TaskTemplate]:
        match self.value():
            case "waiting":
                return queryset.filter(pk__in=TaskTemplate.objects.waiting())
            case "in_force":
                return queryset.filter(pk__in=TaskTemplate.objects.in_force())
            case "no":
                return queryset.filter(declined_at__isnull=False)
        return queryset
