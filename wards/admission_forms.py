"""The forms of an admission: a short one for the first minutes, and one with all there is."""

from collections.abc import Mapping
from typing import Any, cast

from django.http import QueryDict
from django.utils.timezone import localdate

from wards import queries
from wards.admissions import PATIENT_FIELDS
from wards.field_rules import apply_rules
from wards.form_fields import BedField
from wards.forms import NO_BED
from wards.models import Patient, Ward
from wards.patient_forms import (
    FIELD_ORDER,
    IdentityFields,
    LegalStatusFields,
    MoreFields,
    NumbersOfNobodyElse,
    details_of,
    offer_nurses,
)


class LongAdmissionForm(NumbersOfNobodyElse, MoreFields, LegalStatusFields, IdentityFields):
    """All that may be known at an admission: who comes, to which bed, under which section.

    Args:
        about: whom the Hub knows already, and who comes again.
        first: what the fields show at first, instead of what is known.
    """

    bed = BedField(
        required=False,
        error_messages={"invalid_choice": "Somebody is in this bed: choose another."},
    )

    field_order = FIELD_ORDER

    def __init__(
        self,
        ward: Ward,
        data: Any = None,
        *,
        about: Patient | None = None,
        first: Mapping[str, Any],
    ) -> None:
        known = details_of(about) if about else {}
        super().__init__(data, initial={**known, **first})
        self.ward, self.about = ward, about
        self.admitted_on = localdate()
        cast(BedField, self.fields["bed"]).offer(queries.free_beds(ward), ("", NO_BED))
        offer_nurses(self, ward)
        apply_rules(self, ward)

    @property
    def is_long(self) -> bool:
        """Whether it asks for more than an admission must have."""
        return True

    def patient(self) -> Patient:
        """Return the new patient; or the one whom the Hub knows, if the person said so."""
        typed = self.cleaned_data
        for known in queries.patients_with(typed["nhs_number"], typed.get("pseudo_number", "")):
            if str(known.pk) == self.data.get("known"):
                return known
        return Patient(**{name: typed[name] for name in PATIENT_FIELDS if name in typed})

    def details(self) -> dict[str, Any]:
        """Return the facts of the patient, as `edit` takes them."""
        names = (*PATIENT_FIELDS, "alerts")
        return {name: value for name, value in self.cleaned_data.items() if name in names}

    def of_stay(self) -> dict[str, Any]:
        """Return the facts of the stay, as `admit` takes them."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in PATIENT_FIELDS
        }

    def field_that_names(self, patient: Patient) -> str | None:
        """Return the field in which somebody typed a number of `patient`, if it has one."""
        for name in ("nhs_number", "pseudo_number"):
            if self.cleaned_data.get(name) and self.cleaned_data[name] == getattr(patient, name):
                return name
        return None


class AdmissionForm(LongAdmissionForm):
    """The short form for the first minutes: of the rest only what the ward must have."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in MoreFields.base_fields.keys() & self.fields.keys():
            if not self.fields[name].required:
                del self.fields[name]

    @property
    def is_long(self) -> bool:
        return False


def typed(data: QueryDict) -> dict[str, Any]:
    """Return what somebody typed into either form; nothing of a field that it did not have."""
    fields = LongAdmissionForm.base_fields.items()
    values = {name: field.widget.value_from_datadict(data, {}, name) for name, field in fields}
    return {name: value for name, value in values.items() if value not in (None, [], [None] * 3)}
