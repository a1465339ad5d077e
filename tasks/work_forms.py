"""Forms for work that people add by hand, and change."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from library.models import Guide
from library.queries import guides
from tasks import shifts
from tasks.categories import rules_of
from tasks.forms import DayField
from tasks.models import Category, DayPart, Kind, Priority, Shift
from wards.models import Patient, Stay, Ward

if TYPE_CHECKING:
    StayChoice = forms.ModelChoiceField[Stay]
    GuideChoice = forms.ModelChoiceField[Guide]
else:  # Django's own class takes type arguments in its stubs only
    StayChoice = GuideChoice = forms.ModelChoiceField


class PatientField(StayChoice):
    """One of the patients who stay on a ward: picked, never typed."""

    def __init__(self, stays: QuerySet[Stay]) -> None:
        super().__init__(
            queryset=stays,
            to_field_name="patient",
            empty_label="Choose a patient",
            error_messages={
                "required": "Choose a patient.",
                "invalid_choice": "This patient is not on the ward any more: choose again.",
            },
        )

    def to_python(self, value: Any) -> Stay | None:
        try:
            return super().to_python(value)
        except OverflowError:  # a number that SQLite cannot hold is nobody's
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice") from None

    def label_from_instance(self, obj: Stay) -> str:
        return f"{obj.patient.name}, {obj.place}"

    def clean(self, value: Any) -> Patient:
        stay: Stay = super().clean(value)
        return stay.patient


class GuideField(GuideChoice):
    """A how-to guide, if there is one for this work."""

    def __init__(self) -> None:
        super().__init__(queryset=guides(), required=False, label="Guide", empty_label="No guide")


class TitleField(forms.CharField):
    def __init__(self, *, label: str) -> None:
        super().__init__(
            max_length=120,
            label=label,
            widget=forms.TextInput({"autocomplete": "off"}),
            error_messages={"required": "Say what it is."},
        )


class PriorityField(forms.TypedChoiceField):
    def __init__(self) -> None:
        super().__init__(
            choices=Priority.choices, coerce=int, initial=Priority.ROUTINE, widget=forms.RadioSelect
        )


class CarryOverField(forms.TypedChoiceField):
    """Whether a task carries over: yes, no, or (`None`) as the ward has set for its category."""

    def __init__(self) -> None:
        super().__init__(
            label="If it is not done on this day",
            choices=[
                ("usual", "As usual on this ward for this kind of work"),
                (True, "It appears on the next days until it is done"),
                (False, "It stays on this day, as overdue"),
            ],
            coerce={"True": True, "False": False, "usual": None}.get,
            initial="usual",
            widget=forms.RadioSelect,
        )


class WorkForm(forms.Form):
    """What work of every kind says: what it is, and on which day.

    Args:
        ward, now: what is over there by now is refused, unless the work had it before.
        patients: the stays from which to pick a patient, where one is to be picked.
    """

    title = TitleField(label="What is to be done?")
    due_on = DayField(
        label="Day",
        widget=forms.DateInput({"type": "date", "class": "nhsuk-input--width-10"}),
        error_messages={"required": "Choose a day.", "invalid": "Choose a day of the calendar."},
    )
    instructions = forms.CharField(
        max_length=2000, required=False, label="Instructions", widget=forms.Textarea({"rows": 3})
    )
    # fmt: off
    field_order = [
        "patient", "title", "category", "due_on", "shift", "time", "day_part", "place", "attendees",
        "priority", "carry_over", "guide", "instructions",
    ]
    # fmt: on

    def __init__(
        self,
        *args: Any,
        ward: Ward,
        now: datetime,
        patients: QuerySet[Stay] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.ward, self.now = ward, now
        if patients is not None:
            self.fields["patient"] = PatientField(patients)
            self.order_fields(self.field_order)

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        today = shifts.current_shift(self.ward, self.now).day
        if day < today and "due_on" in self.changed_data:
            raise forms.ValidationError("This day is over: choose today or a later day.")
        return day

    def facts(self) -> dict[str, Any]:
        """Return the fields of the work that the form describes."""
        return self.cleaned_data


class ShiftWorkForm(WorkForm):
    """What work of the ward says, once or repeating."""

    shift = forms.ChoiceField(
        choices=Shift.choices, widget=forms.RadioSelect, help_text="The night begins on this day."
    )
    priority = PriorityField()
    guide = GuideField()

    def refuse_a_shift_that_is_over(self) -> None:
        """Add an error if the shift on this day has ended, unless the work stood there before."""
        data = self.cleaned_data
        if {"due_on", "shift"} <= data.keys() and {"due_on", "shift"} & {*self.changed_data}:
            window = shifts.window(self.ward, data["due_on"], Shift(data["shift"]))
            if window.end <= self.now:
                self.add_error("shift", "This shift is over: choose a later one.")


class WardTaskForm(ShiftWorkForm):
    def clean(self) -> dict[str, Any]:
        super().clean()
        self.refuse_a_shift_that_is_over()
        return self.cleaned_data


class PatientTaskForm(WorkForm):
    """The categories are those that the ward offers, and the one that the task has."""

    category = forms.ChoiceField(error_messages={"required": "Choose what kind of work it is."})
    priority = PriorityField()
    carry_over = CarryOverField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rules = rules_of(self.ward)
        had = self.initial.get("category")
        offered = [
            (category, category.label)
            for category, rule in self.rules.items()
            if rule.is_offered or category == had
        ]
        field = cast(forms.ChoiceField, self.fields["category"])
        field.choices = [("", "Choose what kind of work it is"), *offered]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "category" in data and data.get("carry_over", ...) is None:
            data["carry_over"] = self.rules[Category(data["category"])].carries_over
        return data


class AppointmentForm(WorkForm):
    """At a time, or, where that is not known, in the morning or the afternoon."""

    title = TitleField(label="What is the appointment?")
    time = forms.TimeField(
        required=False,
        widget=forms.TimeInput({"type": "time", "class": "nhsuk-input--width-5"}),
        error_messages={"invalid": "Type a time such as 14:30."},
    )
    day_part = forms.ChoiceField(
        required=False,
        label="If the time is not known: AM or PM",
        choices=[("", "The time is known"), *DayPart.choices],
    )
    place = forms.CharField(max_length=120, required=False)
    attendees = forms.CharField(
        max_length=300, required=False, label="Who attends", help_text="Apart from the patient."
    )
    guide = GuideField()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "time" in data and bool(data["time"]) == bool(data.get("day_part")):
            problem = "not both" if data["time"] else "one of the two"
            self.add_error("time", f"Give a time, or AM or PM: {problem}.")
        return data


FORMS: dict[Kind, type[WorkForm]] = {
    Kind.WARD: WardTaskForm,
    Kind.PATIENT: PatientTaskForm,
    Kind.APPOINTMENT: AppointmentForm,
}
