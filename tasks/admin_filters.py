"""Filters of the admin's task list."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from tasks.models import Task
from tasks.models.task import OPEN_STATUSES
from tasks.queries import shift_is_over
from wards.access import wards_visible_to
from wards.models import Role
from wards.scoped_admin import signed_in


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
