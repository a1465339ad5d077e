"""The message audit: each time that something was sent, to lay beside SystmOne's own audit."""

from datetime import datetime
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.timezone import localtime

from audit.events import record
from systmone.health import WITHOUT_ANSWER
from systmone.message_documents import readable, record_look
from systmone.models import Attempt
from systmone.person_lookups import is_of_a_person
from wards import spreadsheets
from wards.features import Feature
from wards.models import Role
from wards.object_history import Entry, from_audit
from wards.scoped_admin import InScopeFilter, ScopedAdmin, acting, has_role

MOST_EXPORTED = 100_000  # more than one gateway can send in a day

COLUMNS = ("RequestUID", "Gateway", "Ward", "Function", "Sent", "Ended", "Seconds", "Outcome")

NOT_KEPT = "Nothing is kept."
NO_ANSWER = "No answer came."

# What is encrypted is neither needed nor decrypted for a list.
ENCRYPTED = ("request", "response", "call__parameters", "call__words", "gateway__api_key")


@admin.register(Attempt)
class AttemptAdmin(ScopedAdmin[Attempt]):
    """What was sent, when, and how it ended, without content; the documents have a page."""

    feature = Feature.SYSTMONE
    ward_path = "call__ward"

    fields = readonly_fields = (
        *("request_uid", "call", "gateway", "ward", "function"),
        *("sent", "ended", "seconds", "outcome"),
    )
    list_display = [
        *("sent", "function", "outcome", "request_uid", "seconds"),
        *("ended", "gateway", "ward"),
    ]
    list_per_page = 50
    list_filter = [("gateway", InScopeFilter), "outcome"]
    date_hierarchy = "started_at"
    search_fields = ["call__uid"]
    search_help_text = "RequestUID, as SystmOne's audit has it"
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attempt]:
        rows = super().get_queryset(request).select_related("gateway", "call__ward")
        return rows.defer(*ENCRYPTED)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Attempt], search_term: str
    ) -> tuple[QuerySet[Attempt], bool]:
        if not search_term.strip():
            return queryset, False
        try:
            return queryset.filter(call=UUID(search_term.strip())), False
        except ValueError:
            return queryset.none(), False

    @admin.display(description="RequestUID")
    def request_uid(self, attempt: Attempt) -> str:
        return str(attempt.call_id)

    @admin.display(description="function")
    def function(self, attempt: Attempt) -> str:
        return attempt.call.function

    @admin.display(description="ward")
    def ward(self, attempt: Attempt) -> str:
        return str(attempt.call.ward or "")

    @admin.display(description="sent", ordering="started_at")
    def sent(self, attempt: Attempt) -> str:
        return _to_the_second(attempt.started_at)

    @admin.display(description="ended", ordering="ended_at")
    def ended(self, attempt: Attempt) -> str:
        return _to_the_second(attempt.ended_at)

    @admin.display(description="seconds")
    def seconds(self, attempt: Attempt) -> str:
        if attempt.ended_at is None:
            return ""
        return f"{(attempt.ended_at - attempt.started_at).total_seconds():.3f}"

    def history_of(self, request: HttpRequest, row: Attempt) -> list[Entry]:
        """What was done to its call."""
        return from_audit("call", str(row.call_id))

    def own_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "systmone_attempt"
        return [
            path("export/", view(self.export_view), name=f"{name}_export"),
            path("<int:pk>/documents/", view(self.documents_view), name=f"{name}_documents"),
        ]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The list as it is filtered, as CSV: times are local, as SystmOne's are."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            raise BadRequest from None
        found = list(rows.order_by("pk")[:MOST_EXPORTED])
        record(by=acting(request), action="attempts.export", detail={"count": len(found)})
        table = [COLUMNS, *(self._cells(attempt) for attempt in found)]
        answer = HttpResponse(spreadsheets.write_csv(table), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="systmone-messages.csv"'
        return answer

    def _cells(self, attempt: Attempt) -> tuple[str, ...]:
        return (
            self.request_uid(attempt),
            str(attempt.gateway),
            self.ward(attempt),
            self.function(attempt),
            *(_local(moment) for moment in (attempt.started_at, attempt.ended_at)),
            self.seconds(attempt),
            attempt.get_outcome_display(),
        )

    def documents_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was sent and what came back, for senior admins; each look is in the audit log."""
        if not has_role(request, Role.SENIOR_ADMIN):
            raise PermissionDenied
        whole = Attempt.objects.select_related("call__ward")
        attempt = get_object_or_404(whole.defer("call__parameters", "call__words"), pk=pk)
        record_look(attempt, by=acting(request))
        no_answer = NO_ANSWER if attempt.outcome in WITHOUT_ANSWER else NOT_KEPT
        return self.own_page(
            request,
            "documents.html",
            title="Documents",
            original=attempt,
            is_of_a_person=is_of_a_person(attempt.call),
            documents=[
                ("Sent to SystmOne", readable(attempt.request), NOT_KEPT),
                ("Answered by SystmOne", readable(attempt.response), no_answer),
            ],
        )


def _to_the_second(moment: datetime | None) -> str:
    return f"{localtime(moment):%d/%m/%Y %H:%M:%S}" if moment else ""


def _local(moment: datetime | None) -> str:
    return localtime(moment).isoformat(sep=" ", timespec="milliseconds") if moment else ""
