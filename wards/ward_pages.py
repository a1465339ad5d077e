"""Settings of a ward that are tables: pages of the admin to which the ward's own page leads.

A room registers its pages in its `apps.py`.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

from wards.features import Feature
from wards.models import Ward


@dataclass(frozen=True)
class Choice:
    """One choice of a field, where each of its choices has a column."""

    field: forms.BoundField
    place: int

    @property
    def label(self) -> str:
        return f"{self.field.label}: {self.field.subwidgets[self.place].choice_label}"

    @property
    def errors(self) -> Any:
        return "" if self.place else self.field.errors

    def __str__(self) -> str:
        return self.field.subwidgets[self.place].tag()


def choices_of(field: forms.BoundField) -> tuple[Choice, ...]:
    """Return a cell for each choice of `field`."""
    return tuple(Choice(field, place) for place in range(len(field.subwidgets)))


@dataclass(frozen=True)
class Row:
    """A line of the table: its heading, and a field for each column."""

    heading: str
    cells: tuple[forms.BoundField | Choice, ...]


class WardSettingsForm(forms.Form):
    """A table of settings of `ward`; a subclass adds the fields and says how they are stored.

    Attributes:
        introduction: what the table decides.
        columns: the headings of the columns; the first one is above the rows' headings.
    """

    introduction: ClassVar[str]
    columns: ClassVar[Sequence[str]]

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, ward: Ward) -> None:
        super().__init__(data)
        self.ward = ward
        self.fields["shown"].initial = self._fingerprint  # of the fields that a subclass adds

    def clean_shown(self) -> str:
        """Refuse a page that shows the settings as they were before somebody changed them."""
        shown: str = self.cleaned_data["shown"]
        if shown != self._fingerprint():
            self.add_error(
                None,
                "Somebody has changed this page meanwhile: open it again and make your changes "
                "there.",
            )
        return shown

    def _fingerprint(self) -> str:
        """Return a short text that other settings would not have."""
        settings = [(name, field.initial) for name, field in self.fields.items() if name != "shown"]
        return hashlib.sha256(repr(settings).encode()).hexdigest()[:16]

    def rows(self) -> list[Row]:
        """Return the lines of the table in order."""
        raise NotImplementedError

    def save(self) -> None:
        """Store what has changed, in the caller's transaction."""
        raise NotImplementedError

    def changes_in_words(self) -> list[str]:
        """Return what was changed, for the history: `Assessment, offered: no`."""
        return [
            f"{self.fields[name].label}: {_in_words(self.cleaned_data[name])}"
            for name in self.changed_data
        ]


@dataclass(frozen=True)
class WardPage:
    """A page of the admin about one ward.

    Args:
        name: the last part of its address.
        title: of the page and of the link to it.
        form: what it shows and stores.
        feature: outside its tiers the page does not exist.
        is_for: nor does it for a ward of which this is not true.
    """

    name: str
    title: str
    form: type[WardSettingsForm]
    feature: Feature
    is_for: Callable[[Ward], bool] = lambda ward: True


_pages: list[WardPage] = []


def register(page: WardPage) -> None:
    """Add a page."""
    if page not in _pages:
        _pages.append(page)


def registered() -> tuple[WardPage, ...]:
    """Return the pages in the order of the rooms."""
    return tuple(_pages)


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
