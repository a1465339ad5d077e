"""The pages of the how-to guides."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from library.models import Guide, GuideStep
from tests.factories import GuideFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Client:
    """A person who has signed in and belongs to no ward: guides are for everyone."""
    client.force_login(UserFactory.create())
    return client


@pytest.fixture
def guide() -> Guide:
    return guide_with_steps("fridge-temps", 3, title="Medicines fridge", summary="Keep it cold.")


def guide_with_steps(slug: str, number: int, **facts: str) -> Guide:
    """Return a new guide with so many steps, stored last first."""
    guide = GuideFactory.create(slug=slug, **facts)
    for position in range(number, 0, -1):
        GuideStep.objects.create(
            guide=guide, position=position, title=f"Step {position}", text=f"Do {position} & more."
        )
    return guide


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


class TestAGuide:
    def test_its_steps_are_numbered_and_in_order(self, reader: Client, guide: Guide) -> None:
        page = text_of(reader, "/guides/fridge-temps/")
        assert "<title>Medicines fridge" in page
        assert "Keep it cold." in page
        assert '<ol class="nhsuk-list nhsuk-list--number">' in page
        assert page.index("Step 1") < page.index("Step 2") < page.index("Step 3")
        assert "Do 1 &amp; more." in page

    def test_the_way_back_to_all_guides(self, reader: Client, guide: Guide) -> None:
        page = text_of(reader, "/guides/fridge-temps/")
        assert 'aria-label="Breadcrumb"' in page
        assert 'class="nhsuk-breadcrumb__link" href="/guides/"' in page

    @pytest.mark.parametrize("verification", Guide.Verification)
    def test_it_says_in_words_whether_it_is_verified(
        self, reader: Client, guide: Guide, verification: Guide.Verification
    ) -> None:
        Guide.objects.update(verification=verification)
        assert verification.label in text_of(reader, "/guides/fridge-temps/")
        assert verification.label in text_of(reader, "/guides/")

    @pytest.mark.parametrize("slug", ["water-temps", "FRIDGE-TEMPS", "x" * 500])
    def test_one_that_does_not_exist(self, reader: Client, guide: Guide, slug: str) -> None:
        assert reader.get(f"/guides/{slug}/").status_code == 404

    def test_the_number_of_queries_does_not_grow(
        self, reader: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        guide_with_steps("short", 1)
        guide_with_steps("long", 12)
        with CaptureQueriesContext(connection) as short:
            reader.get("/guides/short/")
        with django_assert_num_queries(len(short)):
            reader.get("/guides/long/")


class TestAllGuides:
    def test_they_stand_by_title(self, reader: Client) -> None:
        guide_with_steps("water-temps", 1, title="Water")
        guide_with_steps("fridge-temps", 1, title="Fridge")
        page = text_of(reader, "/guides/")
        assert page.index('href="/guides/fridge-temps/"') < page.index(
            'href="/guides/water-temps/"'
        )

    def test_the_number_of_queries_does_not_grow(
        self, reader: Client, guide: Guide, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with CaptureQueriesContext(connection) as one:
            reader.get("/guides/")
        GuideFactory.create_batch(5)
        with django_assert_num_queries(len(one)):
            reader.get("/guides/")

    def test_none_yet(self, reader: Client) -> None:
        assert "No guide has been written yet." in text_of(reader, "/guides/")


class TestWhoReadsThem:
    @pytest.mark.parametrize("path", ["/guides/", "/guides/fridge-temps/"])
    def test_a_stranger_signs_in_first(self, client: Client, guide: Guide, path: str) -> None:
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (
            302,
            f"/account/sign-in/?next={path}",
        )

    @pytest.mark.parametrize("tier", ["light", "medium", "max", "max_plus"])
    def test_every_tier_has_them(
        self, reader: Client, guide: Guide, settings: Settings, tier: str
    ) -> None:
        settings.HUB_TIER = tier
        text_of(reader, "/guides/")
        text_of(reader, "/guides/fridge-temps/")

    def test_they_are_for_reading(self, reader: Client, guide: Guide) -> None:
        assert reader.post("/guides/").status_code == 405
        assert reader.post("/guides/fridge-temps/").status_code == 405
