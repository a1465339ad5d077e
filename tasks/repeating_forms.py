"""Forms for work of the ward that repeats."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms

from tasks.forms import DayField, ReasonField, WeekdaysField
from tasks.work_forms import ShiftWorkForm

ONCE, REPEATS = "once", "repeats"
REPETITION = ("weekdays", "active_until", "carry_over")
"""What only work that repeats says."""


class RepeatingTaskForm(ShiftWorkForm):
    """Work of the ward on chosen weekdays, from its day on."""

    weekdays = WeekdaysField(label="On which days?")
    active_until = DayField(
        required=False,
        label="Last day",
        help_text="Leave it empty if there is no end.",
        widget=forms.DateInput({"type": "date", "class": "nhsuk-input--width-10"}),
        error_messages={"invalid": "Choose a day of the calendar."},
    )
    carry_over = forms.TypedChoiceField(
        label="If it is not done in its shift",
        choices=[
            (True, "It appears in the next shifts until it is done"),
            (False, "It stays in its shift, as overdue"),
        ],
        coerce="True".__eq__,
        initial=False,
        widget=forms.RadioSelect,
    )
    # fmt: off
    field_order = [
        "title", "repeats", "due_on", *REPETITION, "shift", "priority", "guide", "instructions",
    ]
    # fmt: on

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["due_on"].label = "First day"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not {"due_on", "weekdays", "active_until"} <= data.keys():
            return data
        first, last = data["due_on"], data["active_until"]
        if last and last < first:
            self.add_error("active_until", "The last day must not be before the first.")
        elif last and not _falls_between(data["weekdays"], first, last):
            self.add_error("weekdays", "None of these days is between the first and the last day.")
        return data

    def facts(self) -> dict[str, Any]:
        """Return the fields of the template that the form describes."""
        facts = {name: value for name, value in self.cleaned_data.items() if name != "repeats"}
        facts["active_from"] = facts.pop("due_on")
        return facts


class AddWardTaskForm(RepeatingTaskForm):
    """Work of the ward, once on a day or repeating; what is typed for the other is ignored."""

    repeats = forms.ChoiceField(
        required=False,
        label="How often?",
        choices=[(ONCE, "Once"), (REPEATS, "Repeats on chosen days of the week")],
        initial=ONCE,
        widget=forms.RadioSelect,
    )
    revealed: Mapping[tuple[str, str], tuple[str, ...]] = {("repeats", REPEATS): REPETITION}
    """The fields that a choice reveals below it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["due_on"].label = "Day"
        self.fields["due_on"].help_text = "If it repeats: the first day."
        self.is_repeating = self["repeats"].data == REPEATS
        for name in () if self.is_repeating else REPETITION:
            self.fields[name].disabled, self.fields[name].required = True, False

    def clean(self) -> dict[str, Any]:
        if self.is_repeating:
            return super().clean()
        self.refuse_a_shift_that_is_over()
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """Return the fields of the template, or of the one task."""
        if self.is_repeating:
            return super().facts()
        left_out = {"repeats", *REPETITION}
        return {name: self.cleaned_data[name] for name in self.cleaned_data.keys() - left_out}


class DeclineForm(forms.Form):
    """Declining a proposal takes a reason."""

    reason = ReasonField(
        label="Why is this not needed?",
        help_text="Whoever proposed it sees this.",
        missing="Say why you decline it.",
    )


class AsSeenForm(forms.Form):
    """When a proposal was made that a page showed."""

    seen = forms.DateTimeField()


def _falls_between(weekdays: list[int], first: date, last: date) -> bool:
    days = (first + timedelta(offset) for offset in range(min(7, (last - first).days + 1)))
    return any(day.isoweekday() in weekdays for day in days)
