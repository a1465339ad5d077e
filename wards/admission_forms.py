"""The forms of an admission: a short one for the first minutes, and one with all there is."""

from typing import Any, cast

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
    offer_nurses,
)


class LongAdmissionForm(MoreFields, LegalStatusFields, IdentityFields):
    """All that may be known at an admission: who comes, to which bed, under which section."""

    bed = BedField(
        required=False,
        error_messages={"invalid_choice": "Somebody is in this bed: choose another."},
    )

    field_order = FIELD_ORDER

    def __init__(self, ward: Ward, data: Any = None, *, bed: str = "") -> None:
        super().__init__(data, initial={"bed": bed})
        self.ward = ward
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
        known = queries.patient_with(self.cleaned_data["nhs_number"])
        if known and str(known.pk) == self.data.get("known"):
            return known
        typed = self.cleaned_data
        return Patient(**{name: typed[name] for name in PATIENT_FIELDS if name in typed})

    def of_stay(self) -> dict[str, Any]:
        """Return the facts of the stay, as `admit` takes them."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in PATIENT_FIELDS
        }


class AdmissionForm(LongAdmissionForm):
    """The short form for the first minutes: of the rest only what the ward must have."""

    def __init__(self, ward: Ward, data: Any = None, *, bed: str = "") -> None:
        super().__init__(ward, data, bed=bed)
        for name in MoreFields.base_fields.keys() & self.fields.keys():
            if not self.fields[name].required:
                del self.fields[name]

    @property
    def is_long(self) -> bool:
        return False
