"""Guides and their steps, written by contributors of any ward."""

from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEvent
from library.models import Guide, GuideStep
from tests.admin.conftest import SignIn
from tests.admin.pages import address, errors_on, filled_form, submit
from tests.factories import GuideFactory, member_of
from wards.models import Role, Ward

pytestmark = pytest.mark.django_db

ADD = address(Guide, "add")


@pytest.fixture
def contributor(byron: Ward, sign_in: SignIn) -> Client:
    return sign_in(member_of(byron, role=Role.CONTRIBUTOR, name="Rachel Evans"))


@pytest.fixture
def guide() -> Guide:
    guide = GuideFactory.create(title="Fridge", slug="fridge")
    for position, title in enumerate(("Open", "Read", "Close"), start=1):
        GuideStep.objects.create(guide=guide, position=position, title=title, text="…")
    return guide


def steps_of(guide: Guide) -> list[tuple[int, str]]:
    return list(guide.steps.values_list("position", "title"))


def step(number: int, **facts: str) -> dict[str, str]:
    return {f"steps-{number}-{name}": value for name, value in facts.items()}


def change(client: Client, guide: Guide, **changes: Any) -> Any:
    return submit(client, address(Guide, "change", guide), **changes)


def test_a_guide_is_written_with_its_steps(contributor: Client, byron: Ward) -> None:
    data = {
        "title": "Water",
        "slug": "water",
        "summary": "How to measure",
        "verification": "unverified",
        "steps-TOTAL_FORMS": "3",
        "steps-INITIAL_FORMS": "0",
        **step(0, place="2", title="Write it down", text="In the book"),
        **step(1, place="1", title="Run the tap", text="Two minutes"),
        **step(2, place="", title="", text=""),
    }
    assert contributor.post(ADD, data).status_code == 302
    guide = Guide.objects.get()
    assert steps_of(guide) == [(1, "Run the tap"), (2, "Write it down")]
    assert b"Run the tap" in contributor.get(guide.get_absolute_url()).content
    event = AuditEvent.objects.get(source="admin")
    assert (event.action, event.actor_name) == ("guide.create", "Rachel Evans")


def test_a_step_is_put_between_two_others(contributor: Client, guide: Guide) -> None:
    new = step(3, place="1.5", title="Wait", text="A minute")
    response = change(contributor, guide, **{"steps-TOTAL_FORMS": "4", **new})
    assert response.status_code == 302
    assert steps_of(guide) == [(1, "Open"), (2, "Wait"), (3, "Read"), (4, "Close")]


def test_steps_change_places(contributor: Client, guide: Guide) -> None:
    change(contributor, guide, **step(0, place="3"), **step(2, place="1"))
    assert steps_of(guide) == [(1, "Close"), (2, "Read"), (3, "Open")]


def test_a_step_is_removed_and_the_others_close_up(contributor: Client, guide: Guide) -> None:
    change(contributor, guide, **step(1, DELETE="on"))
    assert steps_of(guide) == [(1, "Open"), (2, "Close")]
    assert "Deleted" in contributor.get(address(Guide, "history", guide)).content.decode()


def test_a_step_without_a_place_comes_last(contributor: Client, guide: Guide) -> None:
    change(contributor, guide, **step(0, place=""))
    assert steps_of(guide) == [(1, "Read"), (2, "Close"), (3, "Open")]


def test_a_step_that_somebody_added_meanwhile_is_kept(contributor: Client, guide: Guide) -> None:
    path = address(Guide, "change", guide)
    form = filled_form(contributor, path)
    GuideStep.objects.create(guide=guide, position=4, title="Lock", text="…")
    assert contributor.post(path, form | step(0, place="9")).status_code == 302
    assert [title for _, title in steps_of(guide)] == ["Read", "Close", "Open", "Lock"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "This field is required."),
        (step(0, place="-1"), "Ensure this value is greater than or equal to 0."),
        (step(0, place="first"), "Enter a number."),
        (step(0, place="NaN"), "Enter a number."),
        (step(1, text=""), "This field is required."),
    ],
)
def test_what_cannot_be_is_an_error_on_the_form(
    changes: dict[str, Any], message: str, contributor: Client, guide: Guide
) -> None:
    assert errors_on(change(contributor, guide, **changes)) == [message]
    assert steps_of(guide) == [(1, "Open"), (2, "Read"), (3, "Close")]


def test_a_step_of_another_guide_cannot_be_taken_over(contributor: Client, guide: Guide) -> None:
    other = GuideFactory.create()
    theirs = GuideStep.objects.create(guide=other, position=1, title="Theirs", text="…")
    change(contributor, guide, **step(0, id=str(theirs.pk), title="Mine"))
    theirs.refresh_from_db()
    assert (theirs.guide, theirs.title) == (other, "Theirs")


def test_the_public_id_stays(contributor: Client, guide: Guide) -> None:
    change(contributor, guide, slug="other", title="Fridges")
    guide.refresh_from_db()
    assert (guide.slug, guide.title) == ("fridge", "Fridges")


def test_a_public_id_that_is_taken_is_an_error_on_the_form(
    contributor: Client, guide: Guide
) -> None:
    response = submit(contributor, ADD, title="Fridge", slug="fridge", summary="…")
    assert errors_on(response) == ["Guide with this Public id already exists."]
