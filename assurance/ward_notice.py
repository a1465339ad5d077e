"""What the diary tells who runs the ward: the alerts that nobody has seen yet."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from assurance.models import SyncAlert
from wards.features import Feature, feature_available
from wards.models import Ward


def facts_of(ward: Ward) -> Mapping[str, Any] | None:
    """Return the notice of `ward`; nothing where all was seen."""
    if not feature_available(Feature.ASSURANCE_SYNC):
        return None
    subjects = list(
        SyncAlert.objects.standing().filter(ward=ward).values_list("subject", flat=True)
    )
    if not subjects:
        return None
    unseen = urlencode({"ward__id__exact": ward.pk, "seen_at__isempty": 1})
    address = f"{reverse('admin:assurance_syncalert_changelist')}?{unseen}"
    return {"text": in_words(subjects), "address": address}


def in_words(subjects: list[str]) -> str:
    """Return the latest of `subjects`, and how many more there are."""
    more = len(subjects) - 1
    return (
        f"{subjects[0]}, and {more} more {'alert' if more == 1 else 'alerts'}"
        if more
        else subjects[0]
    )
