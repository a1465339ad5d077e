"""Forms about a stay: each names, in `cleaned_data`, what the domain's action takes."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.timezone import localdate

from wards import queries
from wards.access import people_with_access_to
from wards.form_fields import (
    BedField,
    DatePartsField,
    NHSNumberField,
    check_birth,
    check_not_in_future,
)
from wards.models import Alert, LegalStatus, Patient, Sex, Stay, User, Ward

NO_BED = "No bed assigned"

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


class SearchForm(forms.Form):
    """What the search box of every page asks for."""

    words = forms.CharField(max_length=100)


def name_field(label: str, missing: str) -> forms.CharField:
    """Return a field for a part of a name; `missing` is said if it is left empty."""
    return forms.CharField(
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
        return cleaned


class MoreFields(forms.Form):
    """What is known of a patient and their care after the first minutes."""

    preferred_name = forms.CharField(label="Preferred name", max_length=80, required=False)
    pseudo_number = forms.CharField(
        label="Pseudo-number",
        max_length=20,
        required=False,
        help_text="SystmOne's number for who has no NHS number.",
        widget=forms.TextInput({"autocomplete": "off", "class": "nhsuk-input--width-10"}),
    )
    alerts = forms.ModelMultipleChoiceField(
        Alert.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )
    named_nurse = forms.ModelChoiceField(
        User.objects.none(), required=False, label="Named nurse", empty_label="Nobody yet"
    )
    consultant = forms.CharField(max_length=120, required=False)
    expected_discharge_on = DatePartsField(label="Expected discharge", required=False)

    admitted_on: date

    def clean_expected_discharge_on(self) -> date | None:
        expected: date | None = self.cleaned_data["expected_discharge_on"]
        if expected and expected < self.admitted_on:
            raise forms.ValidationError("The expected discharge is before the admission: check it.")
        return expected

    def clean_pseudo_number(self) -> str:
        number: str = self.cleaned_data["pseudo_number"]
        if number and _others(self).filter(pseudo_number=number).exists():
            raise forms.ValidationError("A patient with this pseudo-number is in the Hub already.")
        return number


class ChangeForm(forms.Form):
    """A change of a stay: it carries the version of the stay that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    place = ""
    """The field that is about a bed or ward, where there is one."""

    without_choice = ""
    """What to say where that field has nothing to choose from."""

    def __init__(self, stay: Stay, data: Any = None) -> None:
        super().__init__(data, initial={"version": stay.version, **self.known(stay)})
        self.stay = stay
        self.offer()

    @property
    def is_outdated(self) -> bool:
        """Whether the form was opened before the stay's last change, or came without a version."""
        return self.is_bound and self.cleaned_data.get("version") != self.stay.version

    def facts(self) -> dict[str, Any]:
        """Return what the change takes, besides the stay and who acts."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @property
    def has_choice(self) -> bool:
        """Whether there is something to choose from, if anything is to be chosen."""
        if not self.place:
            return True
        choices = cast(forms.ChoiceField, self.fields[self.place]).choices
        return any(key for key, _ in cast(Iterable[tuple[str, str]], choices))

    def known(self, stay: Stay) -> dict[str, Any]:
        """Return what the fields show at first."""
        return {}

    def offer(self) -> None:
        """Fill in what there is to choose from."""


class ReasonForm(ChangeForm):
    """A change of which colleagues may want to know why."""

    reason = forms.CharField(
        label="Reason or plan",
        max_length=300,
        required=False,
        help_text="For example until when. Colleagues see it on the patient's timeline.",
    )


class BedForm(ChangeForm):
    """The bed to which a patient moves: a free one of the ward, or none."""

    bed = BedField(
        label="To which bed?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a bed.",
            "invalid_choice": "Somebody took this bed meanwhile: choose another.",
        },
    )
    place = "bed"
    without_choice = "No bed of this ward is free. Two patients can swap beds."

    def offer(self) -> None:
        bed = cast(BedField, self.fields["bed"])
        no_bed = [("none", NO_BED)] if self.stay.bed_id else []
        bed.offer(queries.free_beds(self.stay.ward), *no_bed)


class SwapForm(ChangeForm):
    """The patient with whom another swaps beds; the choice names the version that was seen."""

    other = forms.ChoiceField(
        label="With whom?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a patient.",
            "invalid_choice": "This patient has moved or changed meanwhile: choose again.",
        },
    )
    place = "other"
    without_choice = "Nobody else on this ward has a bed."

    def offer(self) -> None:
        self.neighbours = {
            f"{other.pk}-{other.version}": other for other in queries.bedded_neighbours(self.stay)
        }
        self.fields["other"].choices = [  # type: ignore[attr-defined]
            (key, f"{other.patient.name}: {other.place}") for key, other in self.neighbours.items()
        ]

    def clean_other(self) -> Stay:
        return self.neighbours[self.cleaned_data["other"]]


class TransferForm(ChangeForm):
    """The ward to which a patient goes, with one of its free beds or none."""

    to = forms.ChoiceField(
        label="To which ward and bed?",
        error_messages={
            "required": "Choose a ward.",
            "invalid_choice": "Somebody took this bed meanwhile: choose another.",
        },
    )
    place = "to"
    without_choice = "There is no other ward."

    def offer(self) -> None:
        self.places = {
            f"{ward.slug}/{bed.pk if bed else ''}": (ward, bed)
            for ward, bed in queries.places_on_other_wards(self.stay)
        }
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a place"),
            *[(key, f"{ward}: {bed or NO_BED}") for key, (ward, bed) in self.places.items()],
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "to" in cleaned:
            cleaned["to"], cleaned["bed"] = self.places[cleaned["to"]]
        return cleaned


class EditForm(ChangeForm, MoreFields, LegalStatusFields, IdentityFields):
    """All that is kept of a patient and their stay, but the place."""

    field_order = FIELD_ORDER

    def known(self, stay: Stay) -> dict[str, Any]:
        of_stay = ("legal_status", "legal_status_since", "named_nurse", "consultant")
        return {
            **{name: getattr(stay.patient, name) for name in IdentityFields.base_fields},
            **{name: getattr(stay, name) for name in (*of_stay, "expected_discharge_on")},
            "preferred_name": stay.patient.preferred_name,
            "pseudo_number": stay.patient.pseudo_number,
            "alerts": list(stay.patient.alerts.all()),
        }

    def offer(self) -> None:
        self.admitted_on = localdate(self.stay.admitted_at)
        offer_nurses(self, self.stay.ward, besides=self.stay.named_nurse)

    def clean_nhs_number(self) -> str:
        number: str = self.cleaned_data["nhs_number"]
        if number and _others(self).filter(nhs_number=number).exists():
            raise forms.ValidationError("Another patient in the Hub has this NHS number.")
        return number


def offer_nurses(form: forms.Form, ward: Ward, *, besides: User | None = None) -> None:
    """Let `form` offer the people of `ward` as named nurse, and who is it already."""
    people = people_with_access_to(ward)
    if besides:
        people |= User.objects.filter(pk=besides.pk)
    form.fields["named_nurse"].queryset = people  # type: ignore[attr-defined]


def _others(form: forms.Form) -> QuerySet[Patient]:
    stay: Stay | None = getattr(form, "stay", None)
    return Patient.objects.exclude(pk=stay.patient_id) if stay else Patient.objects.all()
