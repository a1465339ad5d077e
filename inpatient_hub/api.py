"""The one API: what the rooms offer to other systems, and one shape for whatever goes wrong.

`urls.py` mounts `api.urls` and, after it, `api_not_found` for every other address below `/api/`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

import structlog
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import URLPattern, URLResolver
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Router
from ninja.constants import NOT_SET
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.security.base import AuthBase

from assurance.api import router as assurance_router
from inpatient_hub.api_callers import PATIENTS_ALLOWED
from systmone.api import router as systmone_router
from wards.features import Feature, feature_available, requires

logger = structlog.get_logger(__name__)

View = Callable[..., HttpResponseBase]

RETRY_AFTER = 5  # seconds

ERRORS = {
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    422: "VALIDATION_ERROR",
    429: "RATE_LIMITED",
    500: "INTERNAL_ERROR",
    503: "TEMPORARILY_UNAVAILABLE",
}


@dataclass(frozen=True)
class Part:
    """A room's routes below `prefix`, and the feature without which they do not exist.

    auth: who may call them, where the room does not say so itself.
    """

    prefix: str
    router: Router
    feature: Feature
    auth: Sequence[AuthBase] | None = None


PARTS = (
    Part("assurance", assurance_router, Feature.ASSURANCE_SYNC),
    Part("systmone", systmone_router, Feature.SYSTMONE, PATIENTS_ALLOWED),
)


def problem(
    status: int,
    message: str,
    *,
    error: str = "",
    details: Sequence[dict[str, str]] = (),
    retry_after: int | None = None,
) -> HttpResponse:
    """Return a response in the one shape; every answer of 500 and above may be tried again."""
    body = {
        "success": False,
        "error": error or ERRORS.get(status, "BAD_REQUEST"),
        "message": message,
        "details": list(details),
    }
    response = JsonResponse(body, status=status)
    if retry_after or status >= 500:
        response.headers["Retry-After"] = str(retry_after or RETRY_AFTER)
    return response


class PublishedSchema(OpenAPISchema):
    """The OpenAPI document of what this deployment's tier offers."""

    def methods(self, operations: list[Operation]) -> dict[str, Any]:
        features = {part.prefix: part.feature for part in PARTS}
        return super().methods(
            [one for one in operations if feature_available(features[(one.tags or [""])[0]])]
        )


class HubAPI(NinjaAPI):
    """Ninja's API, with the rooms' tiers and with one shape for whatever goes wrong."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        return PublishedSchema(self, path_prefix or self.get_root_path(path_params or {}))

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        patterns, application, namespace = super().urls
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = _mounted(pattern.callback, str(pattern.pattern))
        return patterns, application, namespace


def _mounted(view: View, route: str) -> View:
    """Return `view` as the site mounts it: open to machines, its errors in the one shape."""
    feature = next((part.feature for part in PARTS if route.startswith(f"{part.prefix}/")), None)
    offered = requires(feature)(view) if feature else view

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def mounted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = offered(request, *args, **kwargs)
        except Http404:
            return api_not_found(request)
        if response.status_code == 405:
            answer = problem(405, f"{request.method} is not possible here")
            answer.headers["Allow"] = response.headers["Allow"]
            return answer
        return response

    return mounted


@csrf_exempt
@login_not_required
def api_not_found(request: HttpRequest) -> HttpResponse:
    """Answer for every address below `/api/` that does not exist."""
    return problem(404, "There is nothing at this address")


def for_people(view: View) -> View:
    """Decorate a page of documentation: to read it one signs in, except in a demo."""

    @csp_update({"img-src": ["data:"]})  # the arrows of Swagger UI
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.HUB_DEMO or request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return redirect_to_login(request.get_full_path())

    return guarded


api = HubAPI(
    title="Inpatient Hub",
    version="1.1.0",
    description=(
        "What Inpatient Hub offers to other systems of the trust. A request shows an API key in "
        "`X-API-Key`, or a key or a token of the trust after `Authorization: Bearer`. After 429, "
        "500 and 503, and where there was no answer, the same may be sent again: `Retry-After` "
        "says when. Within a version fields may be added to answers; nothing is taken away."
    ),
    urls_namespace="api",
    docs_decorator=for_people,
)
for part in PARTS:
    api.add_router(f"/{part.prefix}", part.router, auth=part.auth or NOT_SET, tags=[part.prefix])


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, exc: HttpError) -> HttpResponse:
    return problem(
        exc.status_code,
        exc.message,
        error=getattr(exc, "code", ""),
        details=getattr(exc, "details", []),
    )


@api.exception_handler(AuthenticationError)
def _unauthenticated(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
    response = problem(401, "Send an API key, or a token, that is in use")
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Throttled)
def _throttled(request: HttpRequest, exc: Throttled) -> HttpResponse:
    return problem(429, "Too many requests; try again later", retry_after=exc.wait or RETRY_AFTER)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    details = [
        {"field": ".".join(map(str, error["loc"][1:])), "message": error["msg"]}
        for error in exc.errors
    ]
    return problem(422, "The request is not valid; details names each field", details=details)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, exc: Http404) -> HttpResponse:
    return api_not_found(request)


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def _unavailable(request: HttpRequest, exc: Exception) -> HttpResponse:
    logger.error("database not available", problem=str(exc))
    return problem(503, "The Hub cannot answer now; try again later")


@api.exception_handler(Exception)
def _failed(request: HttpRequest, exc: Exception) -> HttpResponse:
    logger.error("request failed", exc_info=exc)
    return problem(500, "Something went wrong in the Hub; it has been logged")
