"""Nobody sees a page without signing in, unless the page says that it is open to all."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """As Django's, but allauth's own pages decide for themselves."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if view_func.__module__.startswith("allauth."):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
