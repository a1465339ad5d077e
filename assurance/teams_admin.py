"""The admin of Teams channels: senior admins say where alerts are posted, and try it."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse

from assurance.models import TeamsChannel
from assurance.teams import TeamsProblem, card_of, post_card
from wards.features import Feature
from wards.models import Role
from wards.scoped_admin import CheckedForm, RecordedAdmin, acting

LONGEST_ADDRESS = 2000  # characters


class TeamsChannelForm(CheckedForm[TeamsChannel]):
    """A channel; its address, once stored, is never shown again."""

    new_url = forms.CharField(
        label="Address",
        required=False,
        max_length=LONGEST_ADDRESS,
        widget=forms.PasswordInput,
        help_text="of the workflow “When a Teams webhook request is received”, which begins with "
        "https://. It is kept encrypted and never shown; empty: as it is.",
    )

    def clean_new_url(self) -> str:
        url: str = self.cleaned_data["new_url"].strip()
        if not url and not self.instance.url:
            raise forms.ValidationError("Enter the address that Power Automate shows.")
        if url and not _is_https(url):
            raise forms.ValidationError("Enter an address that begins with https://.")
        return url

    def _post_clean(self) -> None:
        self.instance.url = self.cleaned_data.get("new_url") or self.instance.url
        super()._post_clean()


@admin.register(TeamsChannel)
class TeamsChannelAdmin(RecordedAdmin[TeamsChannel]):
    """The channels of the trust and its wards."""

    feature = Feature.ASSURANCE_SYNC
    seen_by = added_by = changed_by = deleted_by = Role.SENIOR_ADMIN
    ward_path = None

    form = TeamsChannelForm
    fields = ["ward", "new_url", "is_on"]
    readonly_fields = ["last_posted_at", "last_problem"]
    list_display = ["__str__", "is_on", "last_posted_at", "last_problem"]
    list_select_related = ["ward"]

    def get_fields(self, request: HttpRequest, obj: TeamsChannel | None = None) -> Any:
        return [*self.fields, *self.readonly_fields] if obj else self.fields

    def own_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.test_view)
        return [path("<int:pk>/test/", view, name="assurance_teamschannel_test")]

    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then post a card that says who tries it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        channel = get_object_or_404(TeamsChannel.objects.select_related("ward"), pk=pk)
        if request.method != "POST":
            return self.own_page(request, "test.html", title="Send a test card", original=channel)
        by = acting(request)
        said = f"{by.name} tries whether alerts of {channel.ward or 'the trust'} arrive here."
        page = request.build_absolute_uri(reverse("admin:index"))
        self.record(request, "test", channel)
        try:
            post_card(channel, card_of("A test of Inpatient Hub", [said], [page]))
        except TeamsProblem as problem:
            self.message_user(request, f"The card was not posted. {problem}", messages.ERROR)
        else:
            done = "The card was posted: look whether it has arrived in Teams."
            self.message_user(request, done, messages.SUCCESS)
        return redirect("admin:assurance_teamschannel_change", pk)


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and url.isascii() and " " not in url
