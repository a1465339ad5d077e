"""Forms of the admin for templates and tasks."""

from calendar import day_name
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone

from tasks import actions, shifts
from tasks.forms import DayField
from tasks.models import Shift, Status, Task, TaskTemplate
from tasks.models.template import WEEKDAYS
from tasks.transitions import CLOSED, OPEN
from wards.actors import Actor
from wards.scoped_admin import CheckedForm


def today() -> date:
    """Return London's date at this moment."""
    return shifts.local_date(timezone.now())


class TemplateForm(CheckedForm[TaskTemplate]):
    weekdays = forms.TypedMultipleChoiceField(
        choices=[(number, day_name[number - 1]) for number, _ in WEEKDAYS],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day of the week."},
        help_text="The night shift belongs to the day on which it starts.",
    )
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


class TasksForm(forms.Form):
    """What shall happen to several tasks, each at the version that the page showed.

    Attributes:
        sources: the statuses in which a task allows it.
        verb, done: it in words; the action is called `<verb>_tasks`.
        introduction: what becomes of the tasks.
        nothing_fits: what to say when no task allows it.
    """

    sources: ClassVar[frozenset[Status]]
    verb: ClassVar[str]
    done: ClassVar[str]
    introduction: ClassVar[str]
    nothing_fits: ClassVar[str]

    def __init__(self, data: Any = None, *, tasks: Sequence[Task]) -> None:
        super().__init__(data)
        for task in tasks:
            self.fields[f"version_{task.pk}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=task.version, min_value=1, max_value=2**31 - 1
            )

    def perform(self, task: Task, by: Actor) -> Task:
        """Do it to `task` as the page showed it.

        Raises `tasks.actions.TaskChanged` when the task has changed since.
        """
        task.version = self.cleaned_data[f"version_{task.pk}"]
        return self.act(task, by)

    def act(self, task: Task, by: Actor) -> Task:
        raise NotImplementedError


class CancelTasksForm(TasksForm):
    """One reason for all of them."""

    sources = OPEN
    verb, done = "Cancel", "cancelled"
    introduction = "These will not be done:"
    nothing_fits = "None of these is still to do."

    reason = forms.CharField(
        max_length=300,
        label="Why is this not needed?",
        help_text="Colleagues see this in the diary and in the history.",
        error_messages={"required": "Say why this is cancelled."},
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def act(self, task: Task, by: Actor) -> Task:
        return actions.cancel(task=task, by=by, reason=self.cleaned_data["reason"])


class ReopenTasksForm(TasksForm):
    sources = CLOSED
    verb, done = "Reopen", "reopened"
    introduction = "These will be to do again:"
    nothing_fits = "None of these is done or cancelled."

    def act(self, task: Task, by: Actor) -> Task:
        return actions.reopen(task=task, by=by)
