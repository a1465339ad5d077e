"""The reader's list of the audit log; the room above gives it its readers."""

from django.contrib import admin

from audit.models import AuditEvent


class AuditEventList(admin.ModelAdmin):  # type: ignore[type-arg]
    """Columns, search and filters; it does not interpret what it shows."""

    model = AuditEvent
    list_display = [
        "sequence",
        "at",
        "actor_name",
        "source",
        "action",
        "object_id",
        "ward",
        "outcome",
    ]
    list_filter = ["outcome", "at"]
    search_fields = ["actor_name", "action", "=object_id", "=ward", "=request_id", "=address"]
    search_help_text = (
        "who, what was done (task.complete), object (wt123), ward, request id, address"
    )
