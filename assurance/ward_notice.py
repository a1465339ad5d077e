"""What the diary tells who runs the ward: the alerts that nobody has seen yet."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from assurance.models import AlertKind, SyncAlert
from wards.features import Feature, feature_available
from wards.models import Ward


def facts_of(ward: Ward) -> Mapping[str, Any] | None:
    """Return the notice of `ward`; nothing where all was seen."""
    if not feature_available(Feature.ASSURANCE_SYNC):
        return None
    alerts = SyncAlert.objects.standing().filter(ward=ward).values_list("kind", "subject")
    in_order = sorted(alerts, key=lambda alert: alert[0] != AlertKind.OUT_OF_RANGE)
    subjects = [subject for _, subject in in_order]
    if not subjects:
        return None
    unseen = urlencode({"ward__id__exact": ward.pk, "seen_at__isempty": 1})
    address = f"{reverse('admin:assurance_syncalert_changelist')}?{unseen}"
    return {"text": in_words(subjects), "address": address}


def in_words(subjects: list[str]) -> str:
    """Return the first of `subjects`, and how many more there are."""
    first, *others = subjects
    match len(others):
        case 0:
            return first
        case 1:
            return f"{first}, and 1 more alert"
    return f"{first}, and {len(others)} more alerts"
