"""What a ward checks before a discharge, as whoever runs the ward keeps it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from wards.discharges import checklist_of
from wards.models import ChecklistItem, Ward
from wards.ward_pages import Row, WardSettingsForm

Items = Sequence[tuple[str, bool]]

EMPTY_LINES = 3


class ChecklistForm(WardSettingsForm):
    """A line for each item, and some empty ones; they are stored anew, in order of their places."""

    introduction = (
        "What the ward checks before a discharge, which can be confirmed only when every required "
        "item is ticked. Discharges that have begun keep the list that they began with. Place "
        "orders the list: 3.5 comes between 3 and 4, empty comes last. If every item is removed, "
        "the usual list holds again."
    )
    columns = ("Line", "Item", "Required", "Place", "Remove")

    def __init__(self, data: Any = None, *, ward: Ward) -> None:
        super().__init__(data, ward=ward)
        self.before = checklist_of(ward)
        self.lines = range(1, len(self.before) + EMPTY_LINES + 1)
        for line in self.lines:
            item = self.before[line - 1] if line <= len(self.before) else None
            self.fields |= _fields_of(line, item)

    def rows(self) -> list[Row]:
        return [
            Row(str(line), tuple(self[name] for name in _names_of(line))) for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        taken: set[str] = set()
        for line in self.lines:
            name, _, _, remove = (data.get(field) for field in _names_of(line))
            if not name and not remove and line <= len(self.before):
                self.add_error(f"{line}-name", "Name the item, or tick Remove.")
            if name and not remove and name.casefold() in taken:
                self.add_error(f"{line}-name", "The checklist has this item already.")
            taken |= {name.casefold()} if name and not remove else set()
        return data

    def items(self) -> Items:
        """Return the items as they were typed, in the order of their places."""
        typed = [[self.cleaned_data[name] for name in _names_of(line)] for line in self.lines]
        kept = [line for line in typed if line[0] and not line[3]]
        kept.sort(key=lambda line: (line[2] is None, line[2] or Decimal(0)))
        return [(name, is_required) for name, is_required, _, _ in kept]

    def save(self) -> None:
        ChecklistItem.objects.filter(ward=self.ward).delete()
        ChecklistItem.objects.bulk_create(
            ChecklistItem(ward=self.ward, name=name, is_required=is_required, order=order)
            for order, (name, is_required) in enumerate(self.items())
        )

    def changes_in_words(self) -> list[str]:
        items = self.items()
        if list(items) == self.before:
            return []
        names = [name if is_required else f"{name} (if it applies)" for name, is_required in items]
        return [f"the list is now: {'; '.join(names) or 'the usual one'}"]


def _names_of(line: int) -> tuple[str, str, str, str]:
    return f"{line}-name", f"{line}-is_required", f"{line}-place", f"{line}-remove"


def _fields_of(line: int, item: tuple[str, bool] | None) -> dict[str, forms.Field]:
    name, is_required = item or ("", True)
    fields: tuple[forms.Field, ...] = (
        forms.CharField(
            label=f"Item {line}",
            max_length=80,
            required=False,
            initial=name,
            widget=forms.TextInput({"size": 40}),
        ),
        forms.BooleanField(label=f"Item {line}, required", required=False, initial=is_required),
        forms.DecimalField(
            label=f"Item {line}, place",
            required=False,
            min_value=0,
            max_digits=6,
            decimal_places=2,
            initial=line if item else None,
            widget=forms.TextInput({"inputmode": "decimal", "size": 3}),
        ),
        forms.BooleanField(label=f"Item {line}, remove", required=False),
    )
    return dict(zip(_names_of(line), fields, strict=True))
