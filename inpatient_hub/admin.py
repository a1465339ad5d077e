"""The admin site: open to ward admins, contributors and senior admins, each for their wards."""

from functools import wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.db import NotSupportedError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver

from wards.scoped_admin import ScopedAdmin

# Changing one's password has a page of its own. The shortcut to an object's page asks for no right
# and would tell the address of any ward.
LEFT_OUT = {"password_change", "password_change_done", "view_on_site"}


class HubAdminSite(AdminSite):
    """Django's admin; who may enter is `User.is_staff`, and the sign-in page is everybody's."""

    site_header = "Inpatient Hub"
    site_title = "Inpatient Hub"
    index_title = "Run your ward"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Rows are deleted one at a time, each with its audit event, in one transaction.
        self.disable_action("delete_selected")

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        sign_in: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return sign_in

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002
        return super().admin_view(_answerable(view), cacheable)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take our own rows only: what packages bring along knows neither wards nor roles."""
        if admin_class is not None and issubclass(admin_class, ScopedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [url for url in super().get_urls() if getattr(url, "name", None) not in LEFT_OUT]


def _answerable(view: Any) -> Any:
    """Let `view` answer 400, and not crash, when a question typed by hand has no answer."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if "\0" in "".join(map(str, request.GET.values())) or not all(map(str.isdecimal, chosen)):
            raise BadRequest
        try:
            return view(request, *args, **kwargs)
        except (NotSupportedError, OverflowError):
            raise BadRequest from None

    return guarded
