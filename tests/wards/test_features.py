"""What each tier offers, as domain.md's table says; the rest does not exist."""

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from wards.features import Feature, feature_available, requires
from wards.tiers import Tier

# fmt: off
OFFERED = {
    #                             light  medium max    max_plus
    Feature.GUIDES:              (True,  True,  True,  True),
    Feature.INTERNAL_CONTENT:    (False, True,  True,  True),
    Feature.DIARY:               (True,  True,  True,  True),
    Feature.PATIENTS:            (False, False, True,  True),
    Feature.AUDIT_LOG:           (False, False, True,  True),
    Feature.USER_MANAGEMENT:     (False, False, True,  True),
    Feature.ASSURANCE_SYNC:      (False, False, False, True),
    Feature.SYSTMONE:            (False, False, False, True),
    Feature.REPORT_DELIVERY:     (False, False, False, True),
}
# fmt: on

EVERY_CASE = [
    (feature, tier, offered)
    for feature, row in OFFERED.items()
    for tier, offered in zip(Tier, row, strict=True)
]


def test_every_feature_is_in_the_table() -> None:
    assert set(OFFERED) == set(Feature)


@pytest.mark.parametrize(("feature", "tier", "offered"), EVERY_CASE)
def test_a_tier_offers_what_the_table_says(
    *, feature: Feature, tier: Tier, offered: bool, settings: Settings
) -> None:
    settings.HUB_TIER = tier.value
    assert feature_available(feature) is offered


@pytest.mark.parametrize(("feature", "tier", "offered"), EVERY_CASE)
def test_a_page_of_a_feature_that_is_not_offered_is_not_found(
    *, feature: Feature, tier: Tier, offered: bool, settings: Settings
) -> None:
    @requires(feature)
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("here")

    settings.HUB_TIER = tier.value
    request = RequestFactory().get("/")
    if offered:
        assert page(request).content == b"here"
    else:
        with pytest.raises(Http404):
            page(request)


def test_tiers_are_named_as_in_the_contract() -> None:
    assert [tier.label for tier in Tier] == ["Light", "Medium", "Max", "Max+"]
