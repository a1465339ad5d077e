"""What a ward's people must look after in SystmOne: the notice of its pages, and its own page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from systmone.health import Health, health_of, with_health
from systmone.items import items_of
from systmone.models import Gateway
from systmone.queries import needing_somebody
from systmone.ward_notice import facts_of
from wards.features import Feature, requires
from wards.models import Ward
from wards.queries import find_ward
from wards.requests import SignedInRequest

MOST_SHOWN = 200


@require_safe
@requires(Feature.SYSTMONE)
def notice(request: SignedInRequest, ward: str) -> HttpResponse:
    """The notice alone, for a page that refreshes itself; 204 if the page shows it."""
    facts = facts_of(find_ward(request.user, ward))
    if facts is None or facts["text"] == request.GET.get("shown"):
        return HttpResponse(status=204)
    return render(request, "systmone/ward_notice_content.jinja", {"notice": facts})


@require_safe
@requires(Feature.SYSTMONE)
def ward_in_systmone(request: SignedInRequest, ward: str) -> HttpResponse:
    """What somebody must look after, each with the way to it, and how the ward's gateway does."""
    found = find_ward(request.user, ward)
    context = {
        "ward": found,
        "items": items_of(needing_somebody(Ward.objects.filter(pk=found.pk))[:MOST_SHOWN]),
        "health": _health_of(found),
    }
    return render(request, "systmone/ward.jinja", context)


def _health_of(ward: Ward) -> Health | None:
    now = timezone.now()
    gateway = with_health(Gateway.objects.filter(wards_served__ward=ward), now).first()
    return health_of(gateway, now) if gateway else None
