"""The columns of a file of patients, and the form that reads one of its rows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.timezone import localdate

from wards.admissions import PATIENT_FIELDS
from wards.field_rules import RULED_FIELDS, apply_rules
from wards.form_fields import check_birth, check_not_in_future
from wards.models import Alert, LegalStatus, Patient, Sex, User, Ward
from wards.patient_forms import IdentityFields, LegalStatusFields, MoreFields
from wards.spreadsheets import Table, UnreadableFile

COLUMNS = {
    "ward": "Ward",
    "bed": "Bed",
    "surname": "Surname",
    "first_name": "First name",
    "preferred_name": "Preferred name",
    "date_of_birth": "Date of birth",
    "sex": "Sex",
    "nhs_number": "NHS number",
    "pseudo_number": "Pseudo-number",
    "alerts": "Alerts",
    "legal_status": "Legal status",
    "legal_status_since": "Section began on",
    "named_nurse": "Named nurse",
    "consultant": "Consultant",
    "admitted": "Admitted on",
    "expected_discharge_on": "Expected discharge",
}
"""The fields of a row, and the headings of their columns, in order."""

NEEDED = ("ward", "surname", "first_name", "date_of_birth", "legal_status")

Cells = Mapping[str, str]


class DayField(forms.DateField):
    """A date as people in the UK type it, or as computers write it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            input_formats=["%d/%m/%Y", "%Y-%m-%d"],
            error_messages={
                "invalid": "write it as 31/12/1980",
                "required": "it is missing",
            },
            **options,
        )


class NamedChoiceField(forms.ChoiceField):
    """One of `names`, by what it is called or by its code, in any case."""

    def __init__(self, names: type[TextChoices], **options: Any) -> None:
        super().__init__(choices=names.choices, **options)
        self.codes = {
            text.casefold(): value for value, label in names.choices for text in (value, label)
        }

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value)
        return self.codes.get(text.casefold(), text)


class RowForm(MoreFields, LegalStatusFields, IdentityFields):
    """One patient of the file: the rules of the forms of admission, for texts in cells."""

    date_of_birth = DayField(validators=[check_birth])  # type: ignore[assignment]
    sex = NamedChoiceField(Sex, required=False)
    alerts = forms.CharField(required=False)  # type: ignore[assignment]
    legal_status = NamedChoiceField(LegalStatus, error_messages={"required": "it is missing"})
    legal_status_since = DayField(required=False, validators=[check_not_in_future])  # type: ignore[assignment]
    named_nurse = forms.CharField(required=False)  # type: ignore[assignment]
    admitted = DayField(required=False, validators=[check_not_in_future])
    expected_discharge_on = DayField(required=False)  # type: ignore[assignment]

    field_order = tuple(COLUMNS)

    def __init__(
        self,
        data: Cells,
        *,
        ward: Ward,
        alerts: Mapping[str, Alert],
        people: Mapping[str, list[User]],
    ) -> None:
        super().__init__(data)
        self.ward, self.known_alerts, self.people = ward, alerts, people
        self.admitted_on = localdate()
        self.not_used = [name for name in RULED_FIELDS if ward.hides(name) and data.get(name)]
        apply_rules(self, ward)

    def clean_sex(self) -> str:
        return self.cleaned_data["sex"] or Sex.UNKNOWN

    def clean_alerts(self) -> list[Alert]:
        names = [name.strip() for name in self.cleaned_data["alerts"].split(";") if name.strip()]
        unknown = [name for name in names if name.casefold() not in self.known_alerts]
        if unknown:
            raise ValidationError(f"the trust's list has no “{unknown[0]}”")
        return [self.known_alerts[name.casefold()] for name in names]

    def clean_named_nurse(self) -> User | None:
        typed = self.cleaned_data["named_nurse"]
        if not typed:
            return None
        called = self.people.get(typed.casefold(), [])
        if len(called) != 1:
            who = "more than one person" if called else "nobody"
            raise ValidationError(f"{who} on {self.ward} is called “{typed}”: write the staff id")
        return called[0]

    def clean_pseudo_number(self) -> str:
        number: str = self.cleaned_data["pseudo_number"]
        return number  # who has it already is found with the whole file in view

    def clean_admitted(self) -> date | None:
        day: date | None = self.cleaned_data["admitted"]
        self.admitted_on = day or self.admitted_on
        return day

    def clean(self) -> dict[str, Any]:
        for name in self.not_used:
            self.add_error(None, f"{self.ward} does not use “{COLUMNS[name]}”: empty the cell")
        born, admitted = self.cleaned_data.get("date_of_birth"), self.cleaned_data.get("admitted")
        if born and admitted and admitted < born:
            self.add_error("admitted", "this is before the date of birth: check both")
        return super().clean()

    def problems(self) -> str:
        """Return what is wrong, with the columns' names."""
        texts = [
            f"{COLUMNS[name]}: {text}" if name in COLUMNS else str(text)
            for name, texts in self.errors.items()
            for text in texts
        ]
        return "; ".join(text.rstrip(".") for text in texts) + "."

    def patient(self) -> Patient:
        """Return the patient as the row describes them, not saved."""
        typed = self.cleaned_data
        return Patient(**{name: typed[name] for name in PATIENT_FIELDS if name in typed})

    def of_stay(self) -> dict[str, Any]:
        """Return the facts of the stay, as `admit` takes them, without the bed."""
        left = {*PATIENT_FIELDS, "admitted"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left}


def rows_of(table: Table) -> dict[int, Cells]:
    """Return the rows below the headings, by line. Raises UnreadableFile for wrong headings."""
    if not table or not any(table):
        raise UnreadableFile("The file is empty.")
    start = next(line for line, cells in enumerate(table) if cells)
    fields = _fields_of(table[start])
    rows: dict[int, Cells] = {
        line: dict(zip(fields, cells, strict=False))
        for line, cells in enumerate(table[start + 1 :], start=start + 2)
        if cells
    }
    if not rows:
        raise UnreadableFile("The file has headings, but no patients below them.")
    return rows


def _fields_of(headings: Sequence[str]) -> list[str]:
    named = {heading.casefold(): name for name, heading in COLUMNS.items()}
    unknown = [heading for heading in headings if heading.casefold() not in named]
    fields = [named.get(heading.casefold(), "") for heading in headings]
    missing = [COLUMNS[name] for name in NEEDED if name not in fields]
    if missing:
        raise UnreadableFile(
            f"The first line must name the columns; missing: {', '.join(missing)}."
        )
    if unknown:
        raise UnreadableFile(
            f"There is no column “{unknown[0]}”: take it out, or see the template."
        )
    if len(set(fields)) < len(fields):
        raise UnreadableFile("Two columns have the same heading: take one out.")
    return fields
