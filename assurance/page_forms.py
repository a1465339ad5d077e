"""What somebody chooses on the pages about the sync: a ward, a day, a month."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate

from assurance.monitoring import wards_run_by
from wards.models import User, Ward


class DayForm(forms.Form):
    """A day that has begun, and a ward or all that the person runs."""

    ward = forms.ModelChoiceField(
        Ward.objects.none(),
        required=False,
        empty_label="All wards that I run",
        to_field_name="slug",
        error_messages={"invalid_choice": "Choose one of your wards."},
    )
    day = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose a day.", "invalid": "Choose a day."},
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.run = wards_run_by(user)
        self.fields["ward"].queryset = self.run  # type: ignore[attr-defined]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > localdate():
            raise forms.ValidationError("Choose today or a day before.")
        return day

    def wards(self) -> Sequence[Ward]:
        """Return the chosen ward, or all that the person runs."""
        ward = self.cleaned_data["ward"]
        return [ward] if ward else list(self.run)
