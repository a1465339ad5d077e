"""Forms about a stay: each names, in `cleaned_data`, what the domain's action takes."""

from collections import ChainMap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.timezone import localdate

from wards import queries
from wards.field_rules import apply_rules
from wards.form_fields import BedField, VersionField
from wards.models import Stay, User
from wards.patient_forms import (
    FIELD_ORDER,
    IdentityFields,
    LegalStatusFields,
    MoreFields,
    NumbersOfNobodyElse,
    details_of,
    offer_nurses,
)
from wards.transfer_choices import Choices, registered

NO_BED = "No bed assigned"


class SearchForm(forms.Form):
    """What the search box of every page asks for."""

    words = forms.CharField(max_length=100)


@dataclass(frozen=True)
class Group:
    """Fields, by their names, of what an upper room lets a person choose."""

    choices: Choices
    names: tuple[str, ...]


class ChangeForm(forms.Form):
    """A change of a stay: it carries the version of the stay that the page showed."""

    version = VersionField()

    place = ""
    """The field that is about a bed or ward, where there is one."""

    without_choice = ""
    """What to say where that field has nothing to choose from."""

    groups: Sequence[Group] = ()
    """The fields that stand together below the others."""

    def __init__(self, stay: Stay, data: Any = None, *, user: User) -> None:
        super().__init__(data, initial={"version": stay.version, **self.known(stay)})
        self.stay, self.user = stay, user
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

    def others_shown(self) -> list[int]:
        """Return the ids of the other patients whose names the form shows."""
        return []


class ReasonForm(ChangeForm):
    """A change of which colleagues may want to know why."""

    reason = forms.CharField(
        label="Reason or plan",
        max_length=300,
        required=False,
        help_text="For example until when, or who was told. Colleagues see it on the timeline.",
    )


class ReopenForm(ChangeForm):
    """Undoing a discharge takes a reason; the form names the stay that its page showed."""

    stay_shown = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why is the stay reopened?",
        max_length=300,
        help_text="Colleagues see it on the patient's timeline.",
        error_messages={"required": "Say why the stay is reopened."},
    )

    def known(self, stay: Stay) -> dict[str, Any]:
        return {"stay_shown": stay.pk}

    @property
    def is_outdated(self) -> bool:
        # A later stay, which has ended too, may have the same version.
        is_another = self.is_bound and self.cleaned_data.get("stay_shown") != self.stay.pk
        return is_another or super().is_outdated

    def facts(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


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
    """The patient with whom another swaps beds; the choice names the version that was seen.

    Who has no bed may take another's, who then has none; the choice says so.
    """

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
        loses_it = "" if self.stay.bed_id else ", will have no bed"
        self.fields["other"].choices = [  # type: ignore[attr-defined]
            (key, f"{other.patient.name}: {other.place}{loses_it}")
            for key, other in self.neighbours.items()
        ]

    def others_shown(self) -> list[int]:
        return sorted(other.patient_id for other in self.neighbours.values())

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
        self.groups = [self._group(choices) for choices in registered()]

    def _group(self, choices: Choices) -> Group:
        fields = choices.fields(self.stay, self.user)
        self.fields.update(fields)
        return Group(choices, tuple(fields))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "to" in cleaned:
            cleaned["to"], cleaned["bed"] = self.places[cleaned["to"]]
            for group in self.groups:
                problems = group.choices.problems(self._chosen(group), cleaned["to"], self.user)
                for name, problem in problems.items():
                    self.add_error(name, problem)
        return cleaned

    def facts(self) -> dict[str, Any]:
        chosen = [self._chosen(group) for group in self.groups]
        place = {name: self.cleaned_data[name] for name in ("to", "bed")}
        return {**place, "choices": dict(ChainMap(*chosen))}

    def _chosen(self, group: Group) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {name: cleaned[name] for name in group.names if name in cleaned}


class EditForm(ChangeForm, NumbersOfNobodyElse, MoreFields, LegalStatusFields, IdentityFields):
    """All that is kept of a patient and their stay, but the place."""

    field_order = FIELD_ORDER

    def known(self, stay: Stay) -> dict[str, Any]:
        of_stay = ("legal_status", "legal_status_since", "named_nurse", "consultant")
        return {
            **details_of(stay.patient),
            **{name: getattr(stay, name) for name in (*of_stay, "expected_discharge_on")},
        }

    def offer(self) -> None:
        self.about = self.stay.patient
        self.admitted_on = localdate(self.stay.admitted_at)
        offer_nurses(self, self.stay.ward, besides=self.stay.named_nurse)
        apply_rules(self, self.stay.ward)
