"""What the pages of a ward say at their top: how many notes need somebody to look into SystmOne."""

from collections.abc import Mapping
from typing import Any

from systmone.queries import needing_somebody
from systmone.words import needs_in_words
from wards.features import Feature, feature_available
from wards.models import Ward


def facts_of(ward: Ward) -> Mapping[str, Any] | None:
    """Return the notice of `ward`."""
    if not feature_available(Feature.SYSTMONE):
        return None
    needing = needing_somebody(Ward.objects.filter(pk=ward.pk)).select_related("withdraws")
    return {"ward": ward, "text": needs_in_words(needing.only("state", "note", "withdraws__note"))}
