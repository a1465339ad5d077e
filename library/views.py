"""The pages of the library."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from library import queries
from wards.features import Feature, requires


@require_safe
@requires(Feature.GUIDES)
def guides(request: HttpRequest) -> HttpResponse:
    """List the how-to guides."""
    return render(request, "library/guides.jinja", {"guides": queries.guides()})


@require_safe
@requires(Feature.GUIDES)
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one guide, step by step."""
    found = get_object_or_404(queries.guides_with_steps(), slug=slug)
    return render(request, "library/guide.jinja", {"guide": found})
