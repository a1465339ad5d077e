"""The addresses of whatever is pushed to SystmOne: five pages, the same for each kind of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from systmone.writing_pages import (
    Pushed,
    cancel_call,
    decide_call,
    push_page,
    state_panel,
    withdraw_page,
)
from wards.features import Feature, requires
from wards.requests import SignedInRequest

View = Callable[..., HttpResponse]

form_page = require_http_methods(["GET", "HEAD", "POST"])


def pages_of(kind: str, route: str, find: Callable[..., Pushed]) -> list[URLPattern]:
    """Return the pages of a `kind` of text, such as `note`, below `route`.

    Args:
        find: given the request and what the address names, it returns what is pushed, or raises
            Http404.
    """

    def page(view: Callable[[SignedInRequest, Pushed], HttpResponse]) -> View:
        @requires(Feature.SYSTMONE)
        @wraps(view)
        def found(request: SignedInRequest, **named: Any) -> HttpResponse:
            return view(request, find(request, **named))

        return found

    return [
        path(f"{route}/", form_page(page(push_page)), name=f"push_{kind}"),
        path(f"{route}/state/", require_safe(page(state_panel)), name=f"{kind}_in_systmone"),
        path(f"{route}/decide/", require_POST(page(decide_call)), name=f"decide_{kind}"),
        path(f"{route}/cancel/", require_POST(page(cancel_call)), name=f"cancel_{kind}_call"),
        path(f"{route}/delete/", form_page(page(withdraw_page)), name=f"withdraw_{kind}"),
    ]
