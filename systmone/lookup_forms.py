"""What a person asks SystmOne for."""

from typing import Any

from django import forms

from systmone.protocol.errors import InvalidRequest
from systmone.protocol.functions import PatientSearch
from systmone.writing_forms import PushForm
from wards.form_fields import DatePartsField, LineField, check_birth

TOO_FEW = "Fill in at least two: SystmOne takes no fewer."
POSTCODE = "Type it as LS18 5TN, with the space, or its first half, as LS18."
ODD = "SystmOne cannot take a character of this: type it anew."
FIELDS = {"PostCode": "post_code", "Gender": "gender"}


def _line(label: str, help_text: str = "") -> LineField:
    return LineField(
        label=label,
        max_length=80,
        required=False,
        help_text=help_text,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class LookupForm(forms.Form):
    """Two or more facts about a patient, all of which must be true."""

    surname = _line("Surname", "The whole name or its beginning.")
    first_name = _line("First name", "The whole name or its beginning.")
    date_of_birth = DatePartsField(label="Date of birth", required=False, validators=[check_birth])
    gender = forms.ChoiceField(
        label="Sex", required=False, choices=[("", "Any"), ("F", "Female"), ("M", "Male")]
    )
    post_code = _line("Postcode", "Whole, with its space, or its first half.")
    telephone = _line("Telephone")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            self.wanted.check()
        except InvalidRequest as problem:
            field = FIELDS.get(problem.field)
            self.add_error(field, POSTCODE if field == "post_code" else TOO_FEW)
        return cleaned

    @property
    def wanted(self) -> PatientSearch:
        """SystmOne's request for it."""
        facts = {name: value or None for name, value in self.cleaned_data.items()}
        return PatientSearch(**facts)


class LinkForm(PushForm):
    """Two identifiers of the Hub's patient, each of which the person compares with SystmOne's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["identifiers"]
        field.label = "Is it the same person?"
        field.help_text = "Compare both with what SystmOne says above, then tick them."
