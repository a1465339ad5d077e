"""What every request and response of the product shares."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

RESET_PAGES = "/account/password/reset/"


class ClientAddressMiddleware:
    """Put the caller's own address in `REMOTE_ADDR`, as the outermost trusted proxy saw it.

    Each proxy appends the address that it saw to `X-Forwarded-For`; what stands further left was
    sent by the caller and may be a lie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = settings.HUB_TRUSTED_PROXY_COUNT
        seen = request.headers.get("X-Forwarded-For", "").replace(",", " ").split()
        if count and len(seen) >= count:
            request.META["REMOTE_ADDR"] = seen[-count]
        return self.get_response(request)


class RequestContextMiddleware(RequestMiddleware):
    """Bind request id and address to log lines and audit events.

    Paths are logged without their query, and without the token that sets a password.
    """

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        path = RESET_PAGES if request.path.startswith(RESET_PAGES) else request.path
        return f"{request.method} {path}"


class NoStoreMiddleware:
    """Keep pages out of shared computers' caches: only static files may be stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
