"""A choice of several names that SystmOne has told, kept as text with one name a line."""

from collections.abc import Mapping
from typing import Any

from django import forms

UNKNOWN = "{} (SystmOne does not name it)"


class LinesField(forms.MultipleChoiceField):
    """Several of what is `known`, by name and as it is shown; what is `kept` stays choosable."""

    def __init__(self, known: Mapping[str, str], kept: str, **kwargs: Any) -> None:
        others = {name: UNKNOWN.format(name) for name in kept.splitlines() if name not in known}
        super().__init__(choices=[*known.items(), *others.items()], required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return the names in a text, or those that were sent."""
        return value.splitlines() if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        """Return the chosen names as text."""
        return "\n".join(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare names, whether they come as text or as a list."""
        return super().has_changed(self.prepare_value(initial), data)
