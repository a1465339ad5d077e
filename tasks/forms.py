"""Forms of the diary."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from tasks.actions import ONE_CLICK
from tasks.converters import FIRST_DAY, LAST_DAY


class DayField(forms.DateField):
    """A day that the diary can show."""

    default_validators = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]


class ActForm(forms.Form):
    """One click on a card: the action, the version that the card showed, and the page it is on."""

    action = forms.ChoiceField(choices=[(action.value, action.label) for action in ONE_CLICK])
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    day = DayField()
    ward = forms.SlugField(required=False)
    follows_the_clock = forms.BooleanField(required=False)
    on_patient_page = forms.BooleanField(required=False)


class BoardForm(forms.Form):
    """What an open page asks for: its day, the version it shows, whether it follows the clock."""

    day = DayField()
    version = forms.CharField(required=False)
    follows_the_clock = forms.BooleanField(required=False)


class CancelForm(forms.Form):
    """Calling a task off takes a reason."""

    reason = forms.CharField(
        max_length=300,
        label="Why is this task not needed?",
        help_text="Colleagues see this in the diary and in the task's history.",
        error_messages={"required": "Say why the task is cancelled."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
