"""The admin of calls: what was asked of SystmOne and what became of it."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from systmone.models import Attempt, Call
from wards.features import Feature
from wards.models import Role
from wards.scoped_admin import ReadOnlyInline, ScopedAdmin


class AttemptInline(ReadOnlyInline[Attempt, Call]):
    """Each time that a call was sent; the documents stay encrypted in the database."""

    model = Attempt
    fields = readonly_fields = ("started_at", "ended_at", "outcome")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attempt]:
        return super().get_queryset(request).defer("request", "response")


@admin.register(Call)
class CallAdmin(ScopedAdmin[Call]):
    """What went to SystmOne and what became of it; it names no patient and shows no content."""

    feature = Feature.SYSTMONE
    seen_by = Role.WARD_ADMIN

    fields = readonly_fields = (
        *("uid", "gateway", "ward", "function", "state", "problem", "reference", "priority"),
        *("created_at", "not_before", "deadline", "settled_at", "asked_by_name", "source"),
        *("decision", "decided_by", "decided_at"),
    )
    inlines = [AttemptInline]
    list_display = ["created_at", "function", "ward", "state", "sent", "asked_by_name", "problem"]
    list_filter = ["state", "priority", "function"]
    search_fields = ["=uid", "=reference"]
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Call]:
        rows = super().get_queryset(request).select_related("gateway", "ward")
        return rows.annotate(times_sent=Count("attempts"))

    @admin.display(description="attempts")
    def sent(self, call: Call) -> int:
        times: int = getattr(call, "times_sent", 0)
        return times
