"""What the diary of a ward says at its top: how many notes need somebody to look into SystmOne."""

from collections.abc import Mapping
from typing import Any

from systmone.models import State
from systmone.queries import needing_somebody
from systmone.words import needs_in_words
from wards.features import Feature, feature_available
from wards.models import Ward


def facts_of(ward: Ward) -> Mapping[str, Any] | None:
    """Return the notice of `ward`; `version` tells whether a page shows it already."""
    if not feature_available(Feature.SYSTMONE):
        return None
    states = list(needing_somebody(Ward.objects.filter(pk=ward.pk)).values_list("state", flat=True))
    unknown, failed = states.count(State.UNKNOWN), states.count(State.FAILED)
    return {
        "ward": ward,
        "text": needs_in_words(unknown, failed),
        "version": f"{unknown}-{failed}",
    }
