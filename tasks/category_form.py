"""The categories of patient tasks as one table, for whoever runs the ward."""

from typing import Any

from django import forms

from tasks.categories import SETTINGS, rules_of
from tasks.models import Category, CategoryRule
from wards.models import Ward
from wards.ward_pages import Row, WardSettingsForm


class CategoriesForm(WardSettingsForm):
    introduction = (
        "Each kind of patient task: whether nurses may choose it for a new task, whether a new "
        "task of it that is not done appears on the next days, and whether it waits while the "
        "patient is absent without leave. Tasks that are in the diary keep their kind, and "
        "whether they carry over. Reminders about sections and rights never pause."
    )
    columns = ("Category", "Offered", "Carries over", "Pauses during an absence without leave")

    def __init__(self, data: Any = None, *, ward: Ward) -> None:
        super().__init__(data, ward=ward)
        for category, rule in rules_of(ward).items():
            for name, column in zip(SETTINGS, self.columns[1:], strict=True):
                self.fields[f"{category}-{name}"] = forms.BooleanField(
                    required=False,
                    initial=getattr(rule, name),
                    label=f"{category.label}, {column.lower()}",
                )

    def rows(self) -> list[Row]:
        return [
            Row(category.label, tuple(self[f"{category}-{name}"] for name in SETTINGS))
            for category in Category
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not any(data[f"{category}-is_offered"] for category in Category):
            raise forms.ValidationError("Offer at least one category: tasks need one.")
        return data

    def save(self) -> None:
        changed = {name.partition("-")[0] for name in self.changed_data}
        for category in sorted(changed):
            facts = {name: self.cleaned_data[f"{category}-{name}"] for name in SETTINGS}
            CategoryRule.objects.update_or_create(ward=self.ward, category=category, defaults=facts)
