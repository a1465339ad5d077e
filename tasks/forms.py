"""Forms of the diary."""

from calendar import day_name
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from tasks.actions import ONE_CLICK
from tasks.converters import FIRST_DAY, LAST_DAY
from tasks.models.template import WEEKDAYS
from wards.form_fields import VersionField


class DayField(forms.DateField):
    """A day that the diary can show."""

    default_validators = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]


class WeekdaysField(forms.TypedMultipleChoiceField):
    """ISO weekdays, at least one."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"required": "Choose at least one day of the week."}

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[(number, day_name[number - 1]) for number, _ in WEEKDAYS],
            coerce=int,
            help_text="The night shift belongs to the day on which it starts.",
            **options,
        )


class ReasonField(forms.CharField):
    """Why something is not done; colleagues read it."""

    def __init__(self, *, missing: str, **options: Any) -> None:
        super().__init__(max_length=300, error_messages={"required": missing}, **options)


class ActForm(forms.Form):
    """One click on a card: the action, the version that the card showed, and the page it is on."""

    action = forms.ChoiceField(choices=[(action.value, action.label) for action in ONE_CLICK])
    version = VersionField()
    day = DayField()
    ward = forms.SlugField(required=False)
    follows_the_clock = forms.BooleanField(required=False)
    on_patient_page = forms.BooleanField(required=False)
    on_my_tasks = forms.BooleanField(required=False)


class BoardForm(forms.Form):
    """What an open page asks for: its day, the version it shows, whether it follows the clock."""

    day = DayField()
    version = forms.CharField(required=False)
    follows_the_clock = forms.BooleanField(required=False)


class CancelForm(forms.Form):
    """Calling a task off takes a reason."""

    reason = ReasonField(
        label="Why is this task not needed?",
        help_text="Colleagues see this in the diary and in the task's history.",
        missing="Say why the task is cancelled.",
    )
    version = VersionField()
