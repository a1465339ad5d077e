"""The admin of the dashboard sync, Max+ only: API clients; the events are registered beside."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from assurance import (  # noqa: F401  the others register theirs
    alert_admin,
    api_clients,
    event_admin,
    limit_admin,
    teams_admin,
)
from assurance.api_clients import KeyReplaced
from assurance.models import ApiClient
from assurance.signing_pages import SigningPages
from wards.encryption import Sealed
from wards.features import Feature
from wards.models import Role
from wards.object_history import Entry, from_audit
from wards.scoped_admin import InScopeFilter, acting


class KeyRequest(HttpRequest):
    """A request that made a key, which its answer shows; the key is written down nowhere else."""

    new_key: str


class ApiClientForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        widgets = {"wards": CheckboxSelectMultiple}
        help_texts = {"all_wards": "also those that come later"}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("all_wards") and not data.get("wards"):
            self.add_error("wards", "Choose at least one ward, or all wards.")
        return data


@admin.register(ApiClient)
class ApiClientAdmin(SigningPages):
    """The machines that may post audits; never deleted, for what they posted names them."""

    feature = Feature.ASSURANCE_SYNC
    seen_by = added_by = changed_by = Role.SENIOR_ADMIN
    ward_path = None

    form = ApiClientForm
    fields = [
        "name",
        "all_wards",
        "wards",
        "allowed_networks",
        "acts_for",
        "accepts_unknown_people",
        "application_id",
    ]
    readonly_fields = ["prefix", "signs", "created_at", "last_used_at", "revoked_at"]
    list_display = ["name", "prefix", "reach", "last_used_at", "revoked_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter), ("wards", InScopeFilter)]
    search_fields = ["name", "=prefix"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiClient]:
        return super().get_queryset(request).prefetch_related("wards")

    def get_fields(self, request: HttpRequest, obj: ApiClient | None = None) -> Any:
        return [*self.fields, *self.readonly_fields] if obj else self.fields

    @admin.display(description="signs its requests")
    def signs(self, client: ApiClient) -> str:
        if isinstance(client.signing_secret, Sealed):
            return "Yes, but the Hub cannot read its secret and refuses it: ask for signatures anew"
        return "Yes" if client.signing_secret else "No"

    @admin.display(description="wards")
    def reach(self, client: ApiClient) -> str:
        return "all wards" if client.all_wards else ", ".join(map(str, client.wards.all()))

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: Any) -> None:
        wards = None if form.cleaned_data["all_wards"] else list(form.cleaned_data["wards"])
        if change:
            api_clients.change_client(client=obj, wards=wards, by=acting(request))
            return
        created, key = api_clients.create_client(
            name=obj.name,
            wards=wards,
            allowed_networks=obj.allowed_networks,
            acts_for=obj.acts_for,
            accepts_unknown_people=obj.accepts_unknown_people,
            application_id=obj.application_id,
            by=acting(request),
        )
        obj.pk = created.pk
        obj.refresh_from_db()
        cast(KeyRequest, request).new_key = key

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Nothing: the wards are saved with their client."""

    def response_add(
        self, request: HttpRequest, obj: ApiClient, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._show(request, obj, cast(KeyRequest, request).new_key)

    def history_of(self, request: HttpRequest, row: ApiClient) -> list[Entry]:
        return from_audit("api_client", str(row.pk))

    def own_urls(self) -> list[URLPattern]:
        views = {"issue-key": self.issue_key_view, "revoke": self.revoke_view}
        return [
            *super().own_urls(),
            *(
                path(
                    f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"api_client_{name}"
                )
                for name, view in views.items()
            ),
        ]

    def issue_key_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then issue a new key and show it once."""
        client = self.found(request, pk)
        # A page that is sent twice must not void the key that its first answer showed.
        if request.method == "POST" and request.POST.get("prefix") == client.prefix:
            try:
                with transaction.atomic():
                    key = api_clients.issue_key(client=client, by=acting(request))
                    self.log_change(request, client, "Issued a new key.")
                return self._show(request, client, key)
            except KeyReplaced:
                client.refresh_from_db()
        return self.page_of(request, client, "Issue a new key", "issue_key.html")

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then revoke the key."""
        client = self.found(request, pk)
        if request.method != "POST":
            return self.page_of(request, client, "Revoke the key", "revoke.html")
        with transaction.atomic():
            api_clients.revoke(client=client, by=acting(request))
            self.log_change(request, client, "Revoked the key.")
        self.message_user(request, f"{client} can post no more.", messages.SUCCESS)
        return redirect("admin:assurance_apiclient_change", client.pk)

    def _show(self, request: HttpRequest, client: ApiClient, key: str) -> HttpResponse:
        return self.page_of(request, client, "The new key", "key.html", key=key)
