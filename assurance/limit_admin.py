"""The admin of limits: senior admins say which values of an audit are in range."""

from typing import Any

from django.contrib import admin

from assurance.models import ReadingLimit
from wards.features import Feature
from wards.models import Role
from wards.scoped_admin import RecordedAdmin


@admin.register(ReadingLimit)
class ReadingLimitAdmin(RecordedAdmin[ReadingLimit]):
    """Limits of the trust; ward admins see them. They count for audits that come afterwards."""

    feature = Feature.ASSURANCE_SYNC
    added_by = changed_by = deleted_by = Role.SENIOR_ADMIN
    ward_path = None

    fields = ["audit_type", "reading", "unit", "lowest", "highest"]
    list_display = ["reading", "audit_type", "lowest", "highest", "unit"]
    list_filter = ["audit_type"]

    def facts(self, row: ReadingLimit) -> dict[str, Any]:
        ends = {"lowest": row.lowest, "highest": row.highest}
        told = {name: str(end) for name, end in ends.items() if end is not None}
        return {"audit": row.audit_type, "reading": row.reading, "unit": row.unit, **told}
