"""The admin of wards: capacity, shift times, discharges, and tables of further settings."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path

from wards.features import Feature, feature_available, requires
from wards.models import Role, Ward
from wards.scoped_admin import RecordedAdmin, has_role
from wards.ward_pages import WardPage, WardSettingsForm, registered


@admin.register(Ward)
class WardAdmin(RecordedAdmin[Ward]):
    """Ward admins set capacity and shift times; nobody deletes a ward, for its work would go."""

    seen_by = changed_by = Role.WARD_ADMIN
    added_by = Role.SENIOR_ADMIN
    ward_path = "pk"

    fieldsets = [
        (None, {"fields": ["name", "capacity"]}),
        (
            "Shift times",
            {
                "fields": [
                    ("early_start", "early_end"),
                    ("late_start", "late_end"),
                    ("night_start", "night_end"),
                ],
                "description": "Local time. Shifts overlap for handover and leave no gap.",
            },
        ),
    ]
    discharges = (
        "Discharges",
        {
            "fields": [
                "discharges_started_by",
                "discharges_confirmed_by",
                "may_confirm_own_discharges",
            ]
        },
    )
    list_display = ["name", "capacity", "early_start", "late_start", "night_start"]

    def get_fieldsets(self, request: HttpRequest, obj: Ward | None = None) -> Any:
        if not feature_available(Feature.PATIENTS):
            return self.fieldsets
        return [*self.fieldsets, self.discharges]

    def get_readonly_fields(self, request: HttpRequest, obj: Ward | None = None) -> list[str]:
        # Other systems know a ward by its name.
        return [] if has_role(request, Role.SENIOR_ADMIN) else ["name"]

    def own_urls(self) -> list[URLPattern]:
        return [
            path(
                f"<int:pk>/{page.name}/",
                requires(page.feature)(
                    self.admin_site.admin_view(partial(self.settings_page, page=page))
                ),
                name=f"wards_ward_{page.name}",
            )
            for page in registered()
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As Django's, with links to the ward's pages of settings."""
        ward = self.get_object(request, object_id)
        offered = [page for page in registered() if feature_available(page.feature)]
        pages = [page for page in offered if ward and page.is_for(ward)]
        context = {"pages": pages, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    @transaction.atomic
    def settings_page(self, request: HttpRequest, pk: int, *, page: WardPage) -> HttpResponse:
        """Show a table of the ward's settings, or store it; two who do so wait for each other."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        wards = self.get_queryset(request).select_for_update(no_key=True)
        ward = get_object_or_404(wards, pk=pk)
        if not page.is_for(ward):
            raise Http404
        form = page.form(request.POST if request.method == "POST" else None, ward=ward)
        if form.is_valid():
            self._save_settings(request, ward, form, page)
            return redirect(f"admin:wards_ward_{page.name}", pk)
        return self.own_page(
            request, "settings.html", title=page.title, original=ward, ward=ward, form=form
        )

    def _save_settings(
        self, request: HttpRequest, ward: Ward, form: WardSettingsForm, page: WardPage
    ) -> None:
        if changes := form.changes_in_words():
            form.save()
            what = {"name": page.title.lower(), "object": str(ward), "fields": changes}
            self.log_change(request, ward, [{"changed": what}])
        self.message_user(request, f"{page.title} of {ward}: saved.", messages.SUCCESS)
