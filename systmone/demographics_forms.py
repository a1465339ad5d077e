"""What a person decides about differences between the Hub and SystmOne."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from systmone.demographics import Difference

TAKE_OVER, SET_ASIDE = DECISIONS = ("take_over", "set_aside")

CHANGED = "Something has changed meanwhile: look again at what differs."


class DifferencesForm(forms.Form):
    """What is ticked is taken over, or set aside; what cannot be taken over is only set aside."""

    chosen = forms.MultipleChoiceField(
        label="What SystmOne says otherwise",
        help_text="Tick what you decide now.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one.", "invalid_choice": CHANGED},
    )

    def __init__(self, differences: Sequence[Difference], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differences = {one.key: one for one in differences}
        field = cast("forms.MultipleChoiceField", self.fields["chosen"])
        field.choices = [(key, _in_words(one)) for key, one in self.differences.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.decision not in DECISIONS:
            raise forms.ValidationError("Press one of the two buttons.")
        chosen = [self.differences[key] for key in cleaned.get("chosen", [])]
        for one in chosen if self.decision == TAKE_OVER else []:
            if one.hindrance:
                self.add_error("chosen", f"{one.label}: {one.hindrance} Edit it by hand.")
        return cleaned

    @property
    def decision(self) -> str:
        """The name of the button that was pressed."""
        return str(self.data.get("decision", ""))


def _in_words(one: Difference) -> str:
    return f"{one.label}: {one.there} in SystmOne, {one.here} in the Hub"
