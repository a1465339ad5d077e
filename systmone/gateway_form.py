"""What is set up of a gateway."""

from collections.abc import Mapping
from typing import Any

from django import forms

from systmone.gateways import is_looking_for_something
from systmone.lines_field import LinesField
from systmone.models import Gateway
from systmone.staff import names_in
from wards.models import Ward
from wards.scoped_admin import CheckedForm


class GatewayForm(CheckedForm[Gateway]):
    """A gateway and the wards it serves; its API key is never shown again."""

    wards = forms.ModelMultipleChoiceField(
        Ward.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="A ward that another gateway serves moves to this one.",
    )
    new_api_key = forms.CharField(
        label="API key",
        required=False,
        widget=forms.PasswordInput,
        help_text="Given by TPP. It is kept encrypted and never shown; empty: as it is.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            served = self.instance.wards_served.values_list("ward", flat=True)
            self.initial["wards"] = list(served)
            self._offer("diary_users", names_in(self.instance), "everybody's")
            self._offer("diary_sites", {site: site for site in self.instance.sites}, "all")
            for name in self._own_fields:  # the page as it was shown tells what was changed on it
                self.fields[name].show_hidden_initial = True

    def _offer(self, name: str, known: Mapping[str, str], without: str) -> None:
        """Let one choose among what SystmOne has told, once it has told it."""
        if known and name in self.fields:  # who may only watch has no form to fill in
            self.fields[name] = LinesField(
                known,
                getattr(self.instance, name),
                label=self.fields[name].label,
                help_text=f"Hold Ctrl to choose several. None: {without}.",
            )

    def clean_new_api_key(self) -> str:
        key: str = self.cleaned_data["new_api_key"]
        if not key and not self.instance.api_key:
            raise forms.ValidationError("Enter the API key that TPP has given.")
        return key

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        has_moved = self.instance.pk and {"host", "port"} & set(self.changed_data)
        if has_moved and is_looking_for_something(self.instance):
            raise forms.ValidationError(
                "The address cannot change now: what was sent there is being looked for in that "
                "SystmOne's records. Switch the gateway on, wait until nothing is being checked, "
                "then change it; or add another gateway."
            )
        return data

    @property
    def changed_fields(self) -> list[str]:
        """What the person changed of the gateway itself."""
        own = [name for name in self.changed_data if name in self._own_fields]
        return [*own, "api_key"] if self.cleaned_data["new_api_key"] else own

    @property
    def _own_fields(self) -> set[str]:
        return self.fields.keys() - self.declared_fields.keys()

    def _post_clean(self) -> None:
        self.instance.api_key = self.cleaned_data.get("new_api_key") or self.instance.api_key
        super()._post_clean()
