"""The admin of templates for case notes; Max and Max+ only."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey
from django.forms import ModelChoiceField
from django.http import HttpRequest

from wards.features import Feature
from wards.models import NoteTemplate, Role
from wards.scoped_admin import InScopeFilter, RecordedAdmin, has_role


@admin.register(NoteTemplate)
class NoteTemplateAdmin(RecordedAdmin[NoteTemplate]):
    """A ward's own templates; those for all wards belong to senior admins."""

    feature = Feature.PATIENTS
    seen_by = added_by = changed_by = deleted_by = Role.WARD_ADMIN

    fields = ["ward", "name", "text"]
    list_display = ["name", "ward"]
    list_filter = [("ward", InScopeFilter)]
    list_select_related = ["ward"]
    search_fields = ["name", "text"]

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        kwargs["required"] = not has_role(request, Role.SENIOR_ADMIN)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
