"""The admin of alerts: what people were told of the sync, and who has seen it."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assurance.alerts import mark_as_seen
from assurance.models import SyncAlert
from wards.features import Feature
from wards.object_history import Entry, from_audit
from wards.scoped_admin import InScopeFilter, ScopedAdmin, acting


@admin.register(SyncAlert)
class SyncAlertAdmin(ScopedAdmin[SyncAlert]):
    """What ward admins were told about their wards, and senior admins about all."""

    feature = Feature.ASSURANCE_SYNC

    fields = readonly_fields = (
        *("at", "kind", "ward", "said", "where"),
        *("mailed_at", "posted_at", "seen_at", "seen_by"),
    )
    list_display = ["at", "subject", "said", "where", "seen_at"]
    list_filter = [
        ("seen_at", admin.EmptyFieldListFilter),
        ("ward", InScopeFilter),
        "kind",
        "at",
    ]
    actions = ["see"]

    def history_of(self, request: HttpRequest, row: SyncAlert) -> list[Entry]:
        return from_audit("sync_alert", str(row.pk))

    @admin.display(description="alert")
    def said(self, alert: SyncAlert) -> SafeString:
        return format_html_join(SafeString("<br>"), "{}", ((line,) for line in alert.lines))

    @admin.display(description="where to look")
    def where(self, alert: SyncAlert) -> str:
        """A link that says which alert it belongs to: a list has many of them."""
        text = '<a href="{}">Look<span class="visually-hidden"> at: {}</span></a>'
        return format_html(text, alert.path, alert.subject) if alert.path else ""

    @admin.action(description="Mark as seen", permissions=["view"])
    def see(self, request: HttpRequest, queryset: QuerySet[SyncAlert]) -> None:
        """Take them off the diary."""
        count = mark_as_seen(alerts=queryset, by=acting(request), at=timezone.now())
        self.message_user(request, f"Marked as seen: {count}.", messages.SUCCESS)
