"""The admin's pages about the signatures of an API client."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path

from assurance import signing
from assurance.models import ApiClient
from assurance.signatures import mark_of
from assurance.signing import SecretReplaced
from wards.scoped_admin import ScopedAdmin, acting


class SigningPages(ScopedAdmin[ApiClient]):
    """A new signing secret, shown once; and the end of asking for signatures."""

    def own_urls(self) -> list[URLPattern]:
        views = {"signing-secret": self.secret_view, "no-signatures": self.no_signatures_view}
        return [
            *super().own_urls(),
            *(
                path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"client_{name}")
                for name, view in views.items()
            ),
        ]

    def secret_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then issue a new secret and show it once."""
        client = self.found(request, pk)
        mark = mark_of(client.signing_secret)
        # A page that is sent twice must not void the secret that its first answer showed.
        if request.method == "POST" and request.POST.get("mark") == mark:
            try:
                with transaction.atomic():
                    secret = signing.issue_secret(client=client, replaces=mark, by=acting(request))
                    self.log_change(request, client, "Issued a new signing secret.")
                return self.page_of(
                    request, client, "The signing secret", "secret.html", secret=secret
                )
            except SecretReplaced:
                client.refresh_from_db()
                mark = mark_of(client.signing_secret)
        return self.page_of(request, client, "Ask for signatures", "issue_secret.html", mark=mark)

    def no_signatures_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then take unsigned requests again."""
        client = self.found(request, pk)
        if request.method != "POST":
            return self.page_of(request, client, "Ask for no signatures", "no_signatures.html")
        with transaction.atomic():
            signing.ask_for_no_signatures(client=client, by=acting(request))
            self.log_change(request, client, "Asks for no signatures any more.")
        self.message_user(request, f"{client} need not sign its requests.", messages.SUCCESS)
        return redirect("admin:assurance_apiclient_change", client.pk)

    def found(self, request: HttpRequest, pk: int) -> ApiClient:
        """Return the client of this number. Raises PermissionDenied or Http404."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def page_of(
        self, request: HttpRequest, client: ApiClient, title: str, template: str, **more: str
    ) -> HttpResponse:
        """Return one of the pages of `client`."""
        return self.own_page(
            request, template, title=title, subtitle=client, original=client, **more
        )
