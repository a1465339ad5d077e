"""What a ward with a gateway decides about SystmOne, in the admin beside its other settings."""

from typing import Any

from django import forms

from systmone.models import DischargeLogs, GatewayWard
from wards.models import Ward
from wards.ward_pages import Row, WardSettingsForm, choices_of

LOG = "discharge_logs"


class SystmOneSettingsForm(WardSettingsForm):
    """Whether the audit log of a discharge goes to SystmOne, and who sends it."""

    introduction = (
        "What becomes of the audit log once a discharge is confirmed. Offer it: its page shows "
        "what SystmOne would get, and a person sends it. Push it by itself: it is sent at the "
        "confirmation; where that is not possible, its page says why and offers it."
    )
    columns = ("What", *DischargeLogs.labels)

    def __init__(self, data: Any = None, *, ward: Ward) -> None:
        super().__init__(data, ward=ward)
        self.fields[LOG] = forms.ChoiceField(
            label="Discharge audit log",
            choices=DischargeLogs.choices,
            initial=GatewayWard.objects.get(ward=ward).discharge_logs,
            widget=forms.RadioSelect,
        )

    def rows(self) -> list[Row]:
        return [Row("Discharge audit log", choices_of(self[LOG]))]

    def save(self) -> None:
        GatewayWard.objects.filter(ward=self.ward).update(**{LOG: self.cleaned_data[LOG]})

    def changes_in_words(self) -> list[str]:
        chosen = DischargeLogs(self.cleaned_data[LOG]).label.lower()
        return [f"discharge audit log: {chosen}"] if self.changed_data else []


def has_gateway(ward: Ward) -> bool:
    """Say whether a gateway serves `ward`."""
    return GatewayWard.objects.filter(ward=ward).exists()
