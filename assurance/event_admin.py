"""The admin of what the clients posted and what became of it; nobody can change it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from assurance import limits
from assurance.compliance_pages import CompliancePages
from assurance.corrections import versions_of
from assurance.hand_matching_pages import HandMatchingPages
from assurance.models import ApiClient, SyncEvent
from assurance.monitoring_pages import MonitoringPages
from assurance.payloads import in_lines, readable, without_secrets
from assurance.readings import in_words, name_in_words, verdict_in_words
from assurance.reconciliation_pages import ReconciliationPages
from audit.events import record
from wards.features import Feature
from wards.object_history import Entry, from_audit
from wards.scoped_admin import InScopeFilter, acting

SHOWN_INSTEAD = {
    "payload": "body_as_sent",
    "values": "values_as_sent",
    "limits": "limits_in_words",
    # A red cross for "no" would look like a fault.
    "person_is_unknown": "unknown_person",
    "out_of_range": "values_out_of_range",
    "needs_follow_up": "follow_up_needed",
}


@admin.register(SyncEvent)
class SyncEventAdmin(HandMatchingPages, MonitoringPages, ReconciliationPages, CompliancePages):
    """The events of the wards that the person runs; each page is a read in the audit log."""

    feature = Feature.ASSURANCE_SYNC

    list_display = [
        *("received_at", "outcome", "ward_name", "audit_type"),
        *("completed_by", "client"),
    ]
    list_filter = [
        "outcome",
        ("ward", InScopeFilter),
        ("client", InScopeFilter),
        "received_at",
        "audit_type",
    ]
    list_per_page = 50
    list_select_related = ["client"]
    readonly_fields = ["versions", *SHOWN_INSTEAD.values()]
    search_fields = ["=audit_id", "=task_public_id", "completed_by", "ward_name"]

    def history_of(self, request: HttpRequest, row: SyncEvent) -> list[Entry]:
        return from_audit("sync_event", str(row.pk))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> SyncEvent | None:
        """As Django's, and a view of the event in the audit log: every page of a row asks it."""
        event = super().get_object(request, object_id, from_field)
        if event:
            record(
                by=acting(request),
                action="sync_event.view",
                object_type="sync_event",
                object_id=str(event.pk),
                ward=event.ward.name if event.ward else "",
            )
        return event

    def get_fields(self, request: HttpRequest, obj: SyncEvent | None = None) -> Any:
        shown = dict(SHOWN_INSTEAD)
        if not self.admin_site.get_model_admin(ApiClient).has_view_permission(request):
            shown["client"] = "client_name"
        fields = [field.name for field in self.opts.fields if field.name != "id"]
        return ["versions", *(shown.get(name, name) for name in fields)]

    @admin.display(description="client")
    def client_name(self, event: SyncEvent) -> str:
        """The client without a link, for those who may not open it."""
        return event.client.name

    @admin.display(description="values, as they came")
    def versions(self, event: SyncEvent) -> SafeString:
        """The audit's values and its later corrections, each with the time at which it came."""
        told = [(in_one_line(one),) for one in versions_of(event.repeat_of or event)]
        return format_html_join(SafeString("<br>"), "{}", told)

    @admin.display(description="limits when it came")
    def limits_in_words(self, event: SyncEvent) -> str:
        return ", ".join(
            f"{name_in_words(one)} {limits.in_words(event.limits[one])}" for one in event.limits
        )

    @admin.display(description="accepted though not known")
    def unknown_person(self, event: SyncEvent) -> str:
        return _yes_or_no(event.person_is_unknown)

    @admin.display(description="out of range")
    def values_out_of_range(self, event: SyncEvent) -> str:
        return _yes_or_no(event.out_of_range)

    @admin.display(description="needs follow up")
    def follow_up_needed(self, event: SyncEvent) -> str:
        return _yes_or_no(event.needs_follow_up)

    @admin.display(description="body, as sent")
    def body_as_sent(self, event: SyncEvent) -> SafeString:
        return _document("Body, as sent", readable(event.payload))

    @admin.display(description="values")
    def values_as_sent(self, event: SyncEvent) -> SafeString:
        return _document("Values", in_lines(event.values))


def in_one_line(event: SyncEvent) -> str:
    """Return when `event` came and what its values were, with the verdict."""
    came = f"{localtime(event.received_at):%-d %b %Y, %H:%M}"
    words = in_words(without_secrets(event.values), event.limits)
    verdict = verdict_in_words(event.values, event.limits).lower()
    return f"{came}: {', '.join(filter(None, [*words, verdict])) or 'no values'}"


def _yes_or_no(fact: bool) -> str:  # noqa: FBT001  it is not a flag, it is what is told
    return "Yes" if fact else "No"


def _document(name: str, text: str) -> SafeString:
    return format_html(
        '<pre class="hub-document" tabindex="0" role="region" aria-label="{}">{}</pre>', name, text
    )
