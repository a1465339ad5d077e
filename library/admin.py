"""The admin of the library: trust-wide, for contributors."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from library.models import Guide, GuideStep
from library.steps import save_steps
from wards.features import Feature
from wards.models import Role
from wards.scoped_admin import RecordedAdmin, ScopedInline


class StepForm(forms.ModelForm):  # type: ignore[type-arg]
    """A step with its place among the others; they are numbered anew when the guide is saved."""

    place = forms.DecimalField(
        label="Step",
        required=False,
        min_value=0,
        max_digits=6,
        decimal_places=2,
        help_text="3.5 comes between 3 and 4; empty: last",
    )

    class Meta:
        model = GuideStep
        fields = ["title", "text"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("place", self.instance.position)

    @property
    def sort_key(self) -> tuple[bool, Decimal]:
        place = self.cleaned_data.get("place")
        return place is None, place or Decimal(0)


class StepInline(ScopedInline[GuideStep, Guide]):
    model = GuideStep
    form = StepForm
    fields = ["place", "title", "text"]


@admin.register(Guide)
class GuideAdmin(RecordedAdmin[Guide]):
    """Guides with their steps; only senior admins delete one, for audits of any ward link it."""

    feature = Feature.GUIDES
    seen_by = added_by = changed_by = Role.CONTRIBUTOR
    deleted_by = Role.SENIOR_ADMIN
    ward_path = None

    fields = ["title", "slug", "summary", "verification"]
    inlines = [StepInline]
    list_display = ["title", "verification", "updated_at"]
    list_filter = ["verification"]
    search_fields = ["title", "summary", "steps__title", "steps__text"]

    def get_readonly_fields(self, request: HttpRequest, obj: Guide | None = None) -> list[str]:
        # The public id is in addresses that people keep.
        return ["slug"] if obj else []

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Guide | None = None
    ) -> dict[str, Any]:
        return {} if obj else {"slug": ["title"]}

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        formset.save(commit=False)  # tells what is new, changed and deleted
        for step in formset.deleted_objects:
            step.delete()
        kept = [
            one
            for one in formset.forms
            if one not in formset.deleted_forms and (one.instance.pk or one.has_changed())
        ]
        kept.sort(key=lambda one: one.sort_key)
        save_steps(guide=form.instance, steps=[one.instance for one in kept])
