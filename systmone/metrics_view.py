"""The address at which Prometheus asks."""

from secrets import compare_digest
from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from systmone.metrics import as_text
from wards.features import Feature, requires
from wards.models import Role
from wards.requests import AnyRequest


@login_not_required
@require_safe
@requires(Feature.SYSTMONE)
def metrics(request: HttpRequest) -> HttpResponse:
    """The gateways' metrics, for a senior admin or whoever brings HUB_METRICS_TOKEN.

    To everybody else the page does not exist where no token is set.
    """
    if _is_senior_admin(cast(AnyRequest, request)) or _brings_token(request):
        return HttpResponse(as_text(), content_type=CONTENT_TYPE_LATEST)
    if not settings.HUB_METRICS_TOKEN:
        raise Http404
    answer = HttpResponse("Send the token: Authorization: Bearer …\n", "text/plain", status=401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _is_senior_admin(request: AnyRequest) -> bool:
    user = request.user
    return user.is_authenticated and user.highest_role == Role.SENIOR_ADMIN


def _brings_token(request: HttpRequest) -> bool:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    known: str = settings.HUB_METRICS_TOKEN
    is_known = compare_digest(token.strip().encode(), known.encode())
    return bool(known) and kind.lower() == "bearer" and is_known
