"""Which fields about a patient a ward hides or must have; the others may be left empty.

Names, date of birth and legal status are always asked for. The NHS number and the pseudo-number
are always offered, for not everybody has one on arrival; so are alerts and bed, for safety.
"""

from typing import Any, cast

from django import forms

from wards.models import FieldRule, Sex, Ward
from wards.ward_pages import Row, WardSettingsForm, choices_of

RULED_FIELDS = {
    "preferred_name": "Preferred name",
    "sex": "Sex",
    "named_nurse": "Named nurse",
    "consultant": "Consultant",
    "expected_discharge_on": "Expected discharge",
}

MISSING = {
    "preferred_name": "Type the preferred name.",
    "sex": "Choose the sex.",
    "named_nurse": "Choose the named nurse.",
    "consultant": "Type the consultant.",
    "expected_discharge_on": "Type the expected discharge.",
}
"""What is said where the ward must have a field that was left empty."""


def apply_rules(form: forms.Form, ward: Ward) -> None:
    """Let `form` leave out what `ward` hides and ask for what it must have."""
    for name in RULED_FIELDS.keys() & form.fields.keys():
        if ward.hides(name):
            del form.fields[name]
        elif ward.rule_of(name) == FieldRule.MANDATORY:
            _demand(form.fields[name], name)


def _demand(field: forms.Field, name: str) -> None:
    field.required = True
    field.error_messages = {**field.error_messages, "required": MISSING[name]}
    if name == "sex":
        known = [(key, label) for key, label in Sex.choices if key != Sex.UNKNOWN]
        cast(forms.ChoiceField, field).choices = [("", "Choose"), *known]
        field.initial = ""


class FieldRulesForm(WardSettingsForm):
    """The rule for each field, three choices each."""

    introduction = (
        "What the forms of admission and editing, and the import of patients, ask for. Hidden: the "
        "forms and the patient's page leave it out; what was noted before is kept. A preferred "
        "name that is known stays part of the name. First name, surname, date of birth and legal "
        "status are always mandatory; NHS number, pseudo-number, alerts and bed are always offered."
    )
    columns = ("Field", *FieldRule.labels)

    def __init__(self, data: Any = None, *, ward: Ward) -> None:
        super().__init__(data, ward=ward)
        for name, label in RULED_FIELDS.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=FieldRule.choices,
                initial=ward.rule_of(name),
                widget=forms.RadioSelect,
            )

    def rows(self) -> list[Row]:
        return [Row(label, choices_of(self[name])) for name, label in RULED_FIELDS.items()]

    def save(self) -> None:
        self.ward.field_rules = {
            name: self.cleaned_data[name]
            for name in RULED_FIELDS
            if self.cleaned_data[name] != FieldRule.OPTIONAL
        }
        self.ward.save(update_fields=["field_rules"])
