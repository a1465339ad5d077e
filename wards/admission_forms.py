"""The forms of an admission: a short one for the first minutes, and one with all there is."""

from typing import Any, cast

from django.utils.timezone import localdate

from wards import queries
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

OF_PATIENT = ("first_name", "surname", "date_of_birth", "sex", "nhs_number")


class AdmissionForm(LegalStatusFields, IdentityFields):
    """Who comes, to which bed, and under which section."""

    bed = BedField(
        required=False,
        error_messages={"invalid_choice": "Somebody is in this bed: choose another."},
    )

    of_patient: tuple[str, ...] = OF_PATIENT
    field_order = FIELD_ORDER

    def __init__(self, ward: Ward, data: Any = None, *, bed: str = "") -> None:
        super().__init__(data, initial={"bed": bed})
        self.ward = ward
        self.offer()

    def offer(self) -> None:
        """Fill in what there is to choose from."""
        bed = cast(BedField, self.fields["bed"])
        bed.offer(queries.free_beds(self.ward), ("", NO_BED))

    def patient(self) -> Patient:
        """Return the new patient; or the one whom the Hub knows, if the person said so."""
        known = queries.patient_with(self.cleaned_data["nhs_number"])
        if known and str(known.pk) == self.data.get("known"):
            return known
        return Patient(**{name: self.cleaned_data[name] for name in self.of_patient})

    def of_stay(self) -> dict[str, Any]:
        """Return the facts of the stay, as `admit` takes them."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in self.of_patient
        }


class LongAdmissionForm(MoreFields, AdmissionForm):
    """All that may be known at an admission."""

    of_patient = (*OF_PATIENT, "preferred_name", "pseudo_number")

    def offer(self) -> None:
        super().offer()
        self.admitted_on = localdate()
        offer_nurses(self, self.ward)
