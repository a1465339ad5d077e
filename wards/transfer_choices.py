"""What upper rooms let a person choose on the page of a transfer, without this room knowing them.

An upper room registers in its `apps.py`. What was chosen goes with `patient_transferred`, by the
names of the fields.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from wards.models import Stay, User, Ward


@dataclass(frozen=True)
class Choices:
    """A group of fields below those of the transfer itself.

    Args:
        title: the question that the group asks.
        hint: what to know before answering.
        fields: given the stay and who transfers it, the fields by names that no other room uses.
        problems: given what was chosen, the new ward and who transfers, by the name of a field a
            sentence that says why its choice cannot be.
    """

    title: str
    hint: str
    fields: Callable[[Stay, User], Mapping[str, forms.Field]]
    problems: Callable[[Mapping[str, Any], Ward, User], Mapping[str, str]]


_choices: list[Choices] = []


def register(choices: Choices) -> None:
    """Add a group of fields."""
    if choices not in _choices:
        _choices.append(choices)


def registered() -> tuple[Choices, ...]:
    """Return the groups in the order of the rooms."""
    return tuple(_choices)
