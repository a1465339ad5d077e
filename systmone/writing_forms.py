"""What a person sends about a case note and SystmOne."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from systmone.models import Decision
from wards.models import Patient

NOT_BOTH = "Tick both once you have compared them."
CHANGED = "The patient's details have changed meanwhile: compare them again."


class PushForm(forms.Form):
    """Two identifiers, each of which the person compares with the patient's."""

    identifiers = forms.MultipleChoiceField(
        label="Whose record is this?",
        help_text="Compare both with the person you wrote about, then tick them.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": NOT_BOTH, "invalid_choice": CHANGED},
    )

    def __init__(self, patient: Patient, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.MultipleChoiceField", self.fields["identifiers"])
        born = f"{patient.date_of_birth:%d %b %Y}"
        # What is sent back is what was read, so that details which changed meanwhile do not pass.
        shown = (f"{patient.name}, born {born}", f"NHS number {patient.nhs_number_in_words}")
        field.choices = [(text, text) for text in shown]

    def clean_identifiers(self) -> list[str]:
        confirmed: list[str] = self.cleaned_data["identifiers"]
        if len(set(confirmed)) < 2:
            raise ValidationError(NOT_BOTH)
        return confirmed


class WithdrawForm(forms.Form):
    """Deleting from the record takes a reason, which SystmOne keeps."""

    reason = forms.CharField(
        label="Why is it deleted from SystmOne?",
        max_length=200,
        help_text="SystmOne keeps this in its audit.",
        error_messages={"required": "Say why it is deleted."},
    )


class CallForm(forms.Form):
    """Which call a button is about."""

    call = forms.UUIDField()


class DecisionForm(CallForm):
    """What a person has seen in SystmOne."""

    attempt = forms.IntegerField(min_value=1, max_value=2**62)
    decision = forms.ChoiceField(choices=Decision.choices)
