"""What forms about patients ask for: dates in three parts, NHS numbers as typed, beds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from unicodedata import category

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from nhs_number import standardise_format

from wards.models import Bed
from wards.models.patient import check_nhs_number

OLDEST = timedelta(days=130 * 365)


@dataclass(frozen=True)
class Part:
    """One of a date's three inputs."""

    label: str
    value: str
    width: int


class DatePartsWidget(forms.MultiWidget):
    """Day, month and year, as the design system asks for a date."""

    input_type = "date-parts"

    def __init__(self) -> None:
        super().__init__([forms.TextInput, forms.TextInput, forms.TextInput])

    def decompress(self, value: date | None) -> list[Any]:
        return [value.day, value.month, value.year] if value else [None, None, None]

    def parts_of(self, value: Any) -> list[Part]:
        """Return the three inputs for what was typed, or for a date."""
        typed = value if isinstance(value, list) else self.decompress(value)
        texts = ["" if text is None else str(text) for text in typed]
        return [
            Part(label, text, width)
            for label, text, width in zip(("Day", "Month", "Year"), texts, (2, 2, 4), strict=True)
        ]


class DatePartsField(forms.MultiValueField):
    """A date in three parts."""

    widget = DatePartsWidget
    default_error_messages = {"invalid": "Type a day, a month and a year, for example 29 2 1988."}

    def __init__(self, **options: Any) -> None:
        parts = [forms.CharField(required=False, max_length=10) for _ in range(3)]
        super().__init__(fields=parts, require_all_fields=False, **options)

    def compress(self, data_list: list[str]) -> date | None:
        parts = [part.strip() for part in data_list]
        if not any(parts):
            return None
        try:
            day, month, year = (int(part) for part in parts)
            if year < 1000:
                raise ValueError(year)
            return date(year, month, day)
        except (ValueError, OverflowError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class NHSNumberField(forms.CharField):
    """An NHS number with or without spaces; kept as ten digits, or empty if not yet known."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            max_length=30,
            label="NHS number",
            help_text="Ten digits, for example 943 476 5919. Leave it empty if not yet known.",
            widget=forms.TextInput(
                {"inputmode": "numeric", "autocomplete": "off", "class": "nhsuk-input--width-10"}
            ),
            **options,
        )

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        number = standardise_format(typed) or typed
        if number:
            check_nhs_number(number)
        return number

    def prepare_value(self, value: Any) -> Any:
        is_plain = isinstance(value, str) and len(value) == 10 and value.isdecimal()
        return f"{value[:3]} {value[3:6]} {value[6:]}" if is_plain else value


class LineField(forms.CharField):
    """A line of text without characters that nobody sees, as copies from other programs bring."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if any(category(letter) == "Cc" for letter in value):
            raise ValidationError("This has a character that cannot be seen: type it anew.")


class BedField(forms.ChoiceField):
    """A choice among beds that is a bed, or `None` for any other choice."""

    def offer(self, beds: Iterable[Bed], *others: tuple[str, str]) -> None:
        """Let `beds` be chosen, or one of `others`, which come first."""
        self.beds = {str(bed.pk): bed for bed in beds}
        self.choices = [*others, *((key, str(bed)) for key, bed in self.beds.items())]

    def clean(self, value: Any) -> Bed | None:
        return self.beds.get(super().clean(value))


class VersionField(forms.IntegerField):
    """The version of what a page showed, so that a page which is out of date is noticed."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=2**31 - 1, **options)


def check_birth(born_on: date) -> None:
    """Raise ValidationError unless somebody alive may have been born on that day."""
    today = localdate()
    if born_on > today:
        raise ValidationError("The date of birth is in the future: check it.")
    if born_on < today - OLDEST:
        raise ValidationError("The date of birth is too long ago: check the year.")


def check_not_in_future(day: date) -> None:
    """Raise ValidationError if `day` has not come yet."""
    if day > localdate():
        raise ValidationError("This date is in the future: check it.")
