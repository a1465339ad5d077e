"""What somebody chooses on the pages about the sync: a ward, a day, a month."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate

from assurance.monitoring import wards_run_by
from tasks.shifts import ONE_DAY
from wards.models import User, Ward

MONTHS_OFFERED = 24
KINDS = ("csv", "xlsx", "pdf")


class WardForm(forms.Form):
    """A ward, or all that the person runs."""

    ward = forms.ModelChoiceField(
        Ward.objects.none(),
        required=False,
        empty_label="All wards that I run",
        to_field_name="slug",
        error_messages={"invalid_choice": "Choose one of your wards."},
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.run = wards_run_by(user)
        self.fields["ward"].queryset = self.run  # type: ignore[attr-defined]

    def wards(self) -> Sequence[Ward]:
        """Return the chosen ward, or all that the person runs."""
        ward = self.cleaned_data["ward"]
        return [ward] if ward else list(self.run)


class DayForm(WardForm):
    """And a day that has begun."""

    day = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose a day.", "invalid": "Choose a day."},
    )

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > localdate():
            raise forms.ValidationError("Choose today or a day before.")
        return day


class MonthForm(WardForm):
    """And one of the latest months, as its first day."""

    month = forms.ChoiceField(
        error_messages={
            "required": "Choose a month.",
            "invalid_choice": "Choose a month from the list.",
        }
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, user=user)
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (f"{month:%Y-%m}", f"{month:%B %Y}") for month in _latest_months()
        ]

    def clean_month(self) -> date:
        return date.fromisoformat(f"{self.cleaned_data['month']}-01")


class ExportForm(MonthForm):
    """And the kind of file."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS])


def _latest_months() -> Iterator[date]:
    month = localdate().replace(day=1)
    for _ in range(MONTHS_OFFERED):
        yield month
        month = (month - ONE_DAY).replace(day=1)
