"""Jinja2 for our own pages: the NHS design system's macros, our filters, what every page has."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django_htmx.jinja import htmx_script
from jinja2 import (
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    PackageLoader,
    Template,
    TemplateNotFound,
)

from tasks.words import clock, date_and_clock, long_date, short_date, weekdays
from wards.features import Feature, current_tier, feature_available
from wards.sent_forms import one_time_input
from wards.words import age, date_and_time, day_month_year

NIGHT_MODE_COOKIE = "night_mode"


class PageLoader(ChoiceLoader):
    """Finds `*.jinja` only, so that Django's engine finds the admin's templates."""

    def load(self, environment: Environment, name: str, *args: Any, **kwargs: Any) -> Template:
        if not name.endswith(".jinja"):
            raise TemplateNotFound(name)
        return super().load(environment, name, *args, **kwargs)


def environment(**options: Any) -> Environment:
    """Build the Jinja2 environment (the setting `TEMPLATES` names it)."""
    own_templates = options.pop("loader")
    options["undefined"] = ChainableUndefined  # the macros of the design system need it
    pages = Environment(
        autoescape=options.pop("autoescape"),  # Django's backend switches it on
        loader=PageLoader([own_templates, PackageLoader("nhsuk_frontend_jinja")]),
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    pages.filters |= {
        "age": age,
        "clock": clock,
        "date_and_clock": date_and_clock,
        "date_and_time": date_and_time,
        "day_month_year": day_month_year,
        "long_date": long_date,
        "short_date": short_date,
        "weekdays": weekdays,
    }
    pages.globals |= {
        "static": static,
        "url": address,
        "htmx_script": htmx_script,
        "one_time_input": one_time_input,
    }
    if settings.HUB_DEMO:
        from demo.people import sign_in_choices

        pages.globals["sign_in_choices"] = sign_in_choices
    return pages


def address(name: str, *args: Any) -> str:
    """Return the address of the page `name`."""
    return reverse(name, args=args)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Return what the layout of every page needs."""
    return {
        "user": getattr(request, "user", None),
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "is_demo": settings.HUB_DEMO,
        "tier": current_tier(),
        "has_patients": feature_available(Feature.PATIENTS),
        "organisation_name": settings.HUB_ORGANISATION_NAME,
        "organisation_descriptor": settings.HUB_ORGANISATION_DESCRIPTOR,
        "night_mode": request.COOKIES.get(NIGHT_MODE_COOKIE) == "on",
    }
