"""The admin site: open to ward admins, contributors and senior admins, each for their wards."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse


class HubAdminSite(AdminSite):
    """Django's admin; who may enter is `User.is_staff`, and the sign-in page is everybody's."""

    site_header = "Inpatient Hub"
    site_title = "Inpatient Hub"
    index_title = "Run your ward"

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        sign_in: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return sign_in
