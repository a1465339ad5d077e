"""The admin of SystmOne, Max+ only: gateways, and what went through them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from systmone import gateways, staff_admin  # noqa: F401  more of this room's admin
from systmone.models import Attempt, Call, Gateway
from wards.features import Feature
from wards.models import Role, Ward
from wards.scoped_admin import CheckedForm, ReadOnlyInline, ScopedAdmin, acting


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
            for name in self._own_fields:  # the page as it was shown tells what was changed on it
                self.fields[name].show_hidden_initial = True

    def clean_new_api_key(self) -> str:
        key: str = self.cleaned_data["new_api_key"]
        if not key and not self.instance.api_key:
            raise forms.ValidationError("Enter the API key that TPP has given.")
        return key

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


@admin.register(Gateway)
class GatewayAdmin(ScopedAdmin[Gateway]):
    """Gateways are never deleted, for what went through them names them."""

    feature = Feature.SYSTMONE
    seen_by = added_by = changed_by = Role.SENIOR_ADMIN
    ward_path = None

    form = GatewayForm
    fieldsets = [
        (None, {"fields": ["name", ("host", "port"), "new_api_key", "device_id", "wards"]}),
        ("What goes out", {"fields": ["is_on", "test_patients_only"]}),
        ("Diary", {"fields": ["reads_diary", "diary_users", "diary_sites"]}),
        (
            "SystmOne's limits, in seconds",
            {
                "classes": ["collapse"],
                "fields": [
                    "seconds_between_requests",
                    "seconds_between_records",
                    "seconds_of_margin",
                    "seconds_for_an_answer",
                    "seconds_to_settle",
                    "device_version",
                ],
            },
        ),
    ]
    list_display = ["name", "address", "serves", "state"]
    actions = ["start_again", "switch_off"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Gateway]:
        return super().get_queryset(request).prefetch_related("wards_served__ward")

    @admin.display(description="address")
    def address(self, gateway: Gateway) -> str:
        return f"{gateway.host}:{gateway.port}"

    @admin.display(description="wards")
    def serves(self, gateway: Gateway) -> str:
        return ", ".join(str(served.ward) for served in gateway.wards_served.all())

    @admin.display(description="state")
    def state(self, gateway: Gateway) -> str:
        if not gateway.is_on:
            return "Off: calls wait"
        return gateway.stopped_because or "On"

    def save_model(self, request: HttpRequest, obj: Gateway, form: Any, change: Any) -> None:
        wards, by = list(form.cleaned_data["wards"]), acting(request)
        if change:
            gateways.change(gateway=obj, wards=wards, fields=form.changed_fields, by=by)
        else:
            gateways.add(gateway=obj, wards=wards, by=by)

    @admin.action(description="Start again what was stopped or off", permissions=["change"])
    def start_again(self, request: HttpRequest, queryset: QuerySet[Gateway]) -> None:
        for gateway in queryset:
            gateways.switch_on(gateway=gateway, by=acting(request))
        self.message_user(request, "Calls go out again.", messages.SUCCESS)

    @admin.action(description="Switch off: calls wait", permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Gateway]) -> None:
        for gateway in queryset:
            gateways.switch_off(gateway=gateway, by=acting(request))
        self.message_user(request, "Nothing goes out; calls wait.", messages.SUCCESS)


class AttemptInline(ReadOnlyInline[Attempt, Call]):
    """Each time that a call was sent; the documents stay encrypted in the database."""

    model = Attempt
    fields = readonly_fields = ("started_at", "ended_at", "outcome")


@admin.register(Call)
class CallAdmin(ScopedAdmin[Call]):
    """What went to SystmOne and what became of it; it names no patient and shows no content."""

    feature = Feature.SYSTMONE
    seen_by = Role.WARD_ADMIN

    fields = readonly_fields = (
        *("uid", "gateway", "ward", "function", "state", "problem", "reference", "priority"),
        *("created_at", "not_before", "deadline", "settled_at", "asked_by_name", "source"),
        *("decision", "decided_by", "decided_at"),
    )
    inlines = [AttemptInline]
    list_display = ["created_at", "function", "ward", "state", "sent", "asked_by_name", "problem"]
    list_filter = ["state", "priority", "function"]
    search_fields = ["=uid", "=reference"]
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Call]:
        rows = super().get_queryset(request).select_related("gateway", "ward")
        return rows.annotate(times_sent=Count("attempts"))

    @admin.display(description="attempts")
    def sent(self, call: Call) -> int:
        times: int = getattr(call, "times_sent", 0)
        return times
