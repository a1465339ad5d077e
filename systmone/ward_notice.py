"""What the pages of a ward say at their top: what needs somebody, and whether all else waits."""

from collections.abc import Mapping
from typing import Any

from systmone.models import GatewayWard
from systmone.queries import needing_somebody
from systmone.words import needs_in_words
from wards.features import Feature, feature_available
from wards.models import Ward

STOPPED = "Nothing goes to SystmOne now: what is pushed waits"


def facts_of(ward: Ward) -> Mapping[str, Any] | None:
    """Return the notice of `ward`."""
    if not feature_available(Feature.SYSTMONE):
        return None
    needing = needing_somebody(Ward.objects.filter(pk=ward.pk)).select_related("withdraws")
    text = needs_in_words(needing.only("state", "note", "withdraws__note"))
    stopped = GatewayWard.objects.filter(ward=ward, gateway__stopped_at__isnull=False)
    sentences = [text, STOPPED if stopped.exists() else ""]
    return {"ward": ward, "text": ". ".join(filter(None, sentences))}
