"""Pages that belong to no room: night mode and the error pages."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from inpatient_hub.pages import NIGHT_MODE_COOKIE

ONE_YEAR = 365 * 24 * 60 * 60  # seconds


@login_not_required
@require_POST
def night_mode(request: HttpRequest) -> HttpResponse:
    """Switch between the bright and the dark pages, on this computer."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    if request.COOKIES.get(NIGHT_MODE_COOKIE) == "on":
        response.delete_cookie(NIGHT_MODE_COOKIE)
    else:
        response.set_cookie(
            NIGHT_MODE_COOKIE,
            "on",
            max_age=ONE_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error_page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error_page(request, 403, "errors/csrf.jinja")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _error_page(request, 500)


def _error_page(request: HttpRequest, status: int, template: str = "") -> HttpResponse:
    # The answer to a form may stand at an address that shows nothing by itself.
    address = request.path if request.method in ("GET", "HEAD") else resolve_url("diary")
    context = {"own_address": address}
    return render(request, template or f"errors/{status}.jinja", context, status=status)
