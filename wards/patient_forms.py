"""What forms ask about a patient, in the parts of which admission and edit are made."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from wards.access import people_with_access_to
from wards.form_fields import (
    DatePartsField,
    LineField,
    NHSNumberField,
    check_birth,
    check_not_in_future,
)
from wards.models import Alert, LegalStatus, Patient, Sex, User, Ward

FIELD_ORDER = (
    "first_name",
    "surname",
    "preferred_name",
    "date_of_birth",
    "sex",
    "nhs_number",
    "pseudo_number",
    "alerts",
    "bed",
    "legal_status",
    "legal_status_since",
    "named_nurse",
    "consultant",
    "expected_discharge_on",
)
"""As they stand on every form that has some of them."""


def name_field(label: str, missing: str) -> LineField:
    """Return a field for a part of a name; `missing` is said if it is left empty."""
    return LineField(
        label=label,
        max_length=80,
        error_messages={"required": missing},
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class IdentityFields(forms.Form):
    """Who somebody is, in short."""

    first_name = name_field("First name", "Type the first name.")
    surname = name_field("Surname", "Type the surname.")
    date_of_birth = DatePartsField(
        label="Date of birth",
        validators=[check_birth],
        error_messages={"required": "Type the date of birth."},
    )
    sex = forms.ChoiceField(choices=Sex.choices, initial=Sex.UNKNOWN)
    nhs_number = NHSNumberField()


class LegalStatusFields(forms.Form):
    """Under which section somebody stays, and since when."""

    legal_status = forms.ChoiceField(choices=LegalStatus.choices, label="Legal status")
    legal_status_since = DatePartsField(
        label="Section began on",
        help_text="Leave it empty for an informal stay.",
        required=False,
        validators=[check_not_in_future],
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        status = cleaned.get("legal_status", LegalStatus.INFORMAL)
        is_missing = "legal_status_since" in cleaned and cleaned["legal_status_since"] is None
        if status == LegalStatus.INFORMAL:
            cleaned["legal_status_since"] = None
        elif is_missing:
            label = LegalStatus(status).label
            self.add_error("legal_status_since", f"Say since when this holds: {label}.")
        born, began = cleaned.get("date_of_birth"), cleaned.get("legal_status_since")
        if born and began and began < born:
            self.add_error("legal_status_since", "This is before the date of birth: check both.")
        return cleaned


class MoreFields(forms.Form):
    """What is known of a patient and their care after the first minutes."""

    preferred_name = LineField(label="Preferred name", max_length=80, required=False)
    pseudo_number = LineField(
        label="Pseudo-number",
        max_length=20,
        required=False,
        help_text="SystmOne's number for somebody without an NHS number.",
        widget=forms.TextInput({"autocomplete": "off", "class": "nhsuk-input--width-10"}),
    )
    alerts = forms.ModelMultipleChoiceField(
        Alert.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )
    named_nurse = forms.ModelChoiceField(
        User.objects.none(), required=False, label="Named nurse", empty_label="Nobody yet"
    )
    consultant = LineField(max_length=120, required=False)
    expected_discharge_on = DatePartsField(label="Expected discharge", required=False)

    admitted_on: date

    def clean_expected_discharge_on(self) -> date | None:
        expected: date | None = self.cleaned_data["expected_discharge_on"]
        if expected and expected < self.admitted_on:
            raise forms.ValidationError("The expected discharge is before the admission: check it.")
        return expected


def offer_nurses(form: forms.Form, ward: Ward, *, besides: User | None = None) -> None:
    """Let `form` offer the people of `ward` as named nurse, and who is it already."""
    people = people_with_access_to(ward)
    if besides:
        people |= User.objects.filter(pk=besides.pk)
    form.fields["named_nurse"].queryset = people  # type: ignore[attr-defined]


def details_of(patient: Patient) -> dict[str, Any]:
    """Return what forms show of a patient whom the Hub knows."""
    known = {name: getattr(patient, name) for name in IdentityFields.base_fields}
    return {
        **known,
        "preferred_name": patient.preferred_name,
        "pseudo_number": patient.pseudo_number,
        "alerts": list(patient.alerts.all()),
    }


NUMBER_TAKEN = {
    "nhs_number": "Another patient in the Hub has this NHS number.",
    "pseudo_number": "Another patient in the Hub has this pseudo-number.",
}


def errors_of_numbers(typed: Mapping[str, Any], other: Patient) -> dict[str, str]:
    """Return what to say at each number of `typed` that is that of the `other` patient."""
    return {
        name: error
        for name, error in NUMBER_TAKEN.items()
        if typed.get(name) and typed[name] == getattr(other, name)
    }


class NumbersOfNobodyElse(forms.Form):
    """Where it is clear whom a form is about: the numbers are theirs, or nobody's yet."""

    about: Patient | None = None

    def clean_nhs_number(self) -> str:
        number: str = self.cleaned_data["nhs_number"]
        if self._is_of_somebody_else(nhs_number=number):
            raise forms.ValidationError(NUMBER_TAKEN["nhs_number"])
        return number

    def clean_pseudo_number(self) -> str:
        number: str = self.cleaned_data["pseudo_number"]
        if self._is_of_somebody_else(pseudo_number=number):
            raise forms.ValidationError(NUMBER_TAKEN["pseudo_number"])
        return number

    def _is_of_somebody_else(self, **number: str) -> bool:
        if self.about is None or not any(number.values()):
            return False
        return Patient.objects.filter(**number).exclude(pk=self.about.pk).exists()
