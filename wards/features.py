"""What each tier offers: one table, asked through `feature_available`.

Source: domain.md, "Tiers". A feature outside the tier does not exist: its URL answers 404.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404

from wards.tiers import Tier


class Feature(StrEnum):
    GUIDES = "guides"
    INTERNAL_CONTENT = "internal_content"
    DIARY = "diary"
    PATIENTS = "patients"
    USER_MANAGEMENT = "user_management"
    AUDIT_LOG = "audit_log"
    ASSURANCE_SYNC = "assurance_sync"
    SYSTMONE = "systmone"
    REPORT_DELIVERY = "report_delivery"


EVERY_TIER = frozenset(Tier)

TIERS_OFFERING: dict[Feature, frozenset[Tier]] = {
    Feature.GUIDES: EVERY_TIER,
    Feature.DIARY: EVERY_TIER,
    Feature.INTERNAL_CONTENT: EVERY_TIER - {Tier.LIGHT},
    Feature.PATIENTS: frozenset({Tier.MAX, Tier.MAX_PLUS}),
    # Pages of their own; in the admin, people and memberships are managed in every tier.
    Feature.USER_MANAGEMENT: frozenset({Tier.MAX, Tier.MAX_PLUS}),
    Feature.AUDIT_LOG: frozenset({Tier.MAX, Tier.MAX_PLUS}),
    Feature.ASSURANCE_SYNC: frozenset({Tier.MAX_PLUS}),
    Feature.SYSTMONE: frozenset({Tier.MAX_PLUS}),
    Feature.REPORT_DELIVERY: frozenset({Tier.MAX_PLUS}),
}


def current_tier() -> Tier:
    """Return the tier that this deployment runs."""
    return Tier(settings.HUB_TIER)


def feature_available(feature: Feature) -> bool:
    """Say whether this deployment's tier offers `feature`."""
    return current_tier() in TIERS_OFFERING[feature]


class NotInThisTier(Exception):
    """This deployment's tier does not hold what was to be stored."""


def check_available(feature: Feature) -> None:
    """Raise NotInThisTier unless this deployment's tier offers `feature`."""
    if not feature_available(feature):
        raise NotInThisTier(feature)


def requires(feature: Feature) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a view so that it answers 404 in every tier that does not offer `feature`."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not feature_available(feature):
                raise Http404
            return view(*args, **kwargs)

        return guarded

    return decorate
