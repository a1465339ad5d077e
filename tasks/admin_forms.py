"""Forms of the admin for templates and tasks."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone

from tasks import shifts
from tasks.forms import DayField, WeekdaysField
from tasks.models import Shift, Task, TaskTemplate
from wards.scoped_admin import CheckedForm


def today() -> date:
    """Return London's date at this moment."""
    return shifts.local_date(timezone.now())


class TemplateForm(CheckedForm[TaskTemplate]):
    weekdays = WeekdaysField()
    active_from = DayField(
        initial=today, widget=AdminDateWidget, help_text="the first day with this task"
    )
    active_until = DayField(
        required=False,
        widget=AdminDateWidget,
        help_text="The last day with this task. To end it today, choose today; empty: no end.",
    )


class AddTaskForm(CheckedForm[Task]):
    due_on = DayField(label="Due", initial=today, widget=AdminDateWidget)
    shift = forms.ChoiceField(choices=Shift.choices)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"ward", "due_on", "shift"} <= data.keys():
            window = shifts.window(data["ward"], data["due_on"], Shift(data["shift"]))
            if window.end <= timezone.now():
                self.add_error("due_on", "This shift is over: choose a later shift or day.")
        return data
