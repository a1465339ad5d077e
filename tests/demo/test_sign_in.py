"""One click makes the visitor a demo person; only in the demo, and only a demo person."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from audit.models import AuditEvent
from demo.people import PEOPLE, demo_users, sign_in_choices
from tests.demo import urls  # read now, while the demo is off
from tests.factories import UserFactory
from wards.models import Membership, Role, User

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls(urls.__name__),
    pytest.mark.usefixtures("lived"),
]


@pytest.fixture(autouse=True)
def _in_the_demo(settings: Settings) -> Iterator[None]:
    settings.HUB_DEMO = True
    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2)
    engine.env.globals["sign_in_choices"] = sign_in_choices
    yield
    del engine.env.globals["sign_in_choices"]


@pytest.fixture
def sarah() -> User:
    return demo_users().get(name="Sarah Johnson")


class TestTheList:
    def test_it_names_everybody_once_under_their_role_sarah_first(self) -> None:
        groups = sign_in_choices()
        names = [(group.role, choice.name) for group in groups for choice in group.choices]
        assert [group.role for group in groups] == list(Role)
        assert groups[0].choices[0].name == "Sarah Johnson"
        assert names == [(person.role, person.name) for person in PEOPLE]

    def test_it_says_where_they_belong_and_until_when(self) -> None:
        places = {
            choice.name: choice.belongs_to
            for group in sign_in_choices()
            for choice in group.choices
        }
        assert places["Sarah Johnson"] == "Byron, Shelley"
        assert places["Beth Turner"] == "Wordsworth, Byron until Tue 24 Nov"
        assert places["Samir Patel"] == "all wards"

    def test_who_may_not_sign_in_is_not_offered(self, sarah: User, lived: datetime) -> None:
        User.objects.filter(pk=sarah.pk).update(is_active=False)
        Membership.objects.filter(user__name="Samir Patel").update(expires_at=lived)
        offered = {choice.name for group in sign_in_choices() for choice in group.choices}
        assert not offered & {"Sarah Johnson", "Samir Patel"}

    def test_it_asks_once(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        with django_assert_num_queries(1):
            sign_in_choices()


class TestThePage:
    def test_each_person_is_a_button_that_says_what_it_does(self, client: Client) -> None:
        page = client.get("/account/sign-in/").content.decode()
        for person in demo_users():
            assert f'action="/demo/sign-in/{person.pk}/"' in page
            assert f"Sign in as </span>{person.name}" in page
            assert person.job_title in page

    def test_it_keeps_where_the_visitor_was_going(self, client: Client) -> None:
        page = client.get("/account/sign-in/?next=/guides/").content.decode()
        assert page.count('name="next" value="/guides/"') >= len(PEOPLE)

    def test_outside_the_demo_it_names_nobody(self, client: Client, settings: Settings) -> None:
        settings.HUB_DEMO = False
        assert "Sarah Johnson" not in client.get("/account/sign-in/").content.decode()


class TestTheClick:
    def test_it_signs_in_and_is_in_the_audit_log(self, client: Client, sarah: User) -> None:
        response = client.post(f"/demo/sign-in/{sarah.pk}/")
        assert (response.status_code, response["Location"]) == (302, "/")
        assert client.session["_auth_user_id"] == str(sarah.pk)
        event = AuditEvent.objects.get(action="account.sign_in")
        assert event.actor_name == "Sarah Johnson"

    @pytest.mark.parametrize(
        ("target", "goes_to"),
        [
            ("/guides/", "/guides/"),
            ("https://elsewhere.example/", "/"),
            ("//elsewhere.example/", "/"),
            ("", "/"),
        ],
    )
    def test_it_goes_where_the_visitor_was_going(
        self, client: Client, sarah: User, target: str, goes_to: str
    ) -> None:
        response = client.post(f"/demo/sign-in/{sarah.pk}/", {"next": target})
        assert response["Location"] == goes_to

    def test_only_demo_people(self, client: Client) -> None:
        somebody = UserFactory.create()
        assert client.post(f"/demo/sign-in/{somebody.pk}/").status_code == 404
        assert client.post("/demo/sign-in/999999/").status_code == 404
        assert "_auth_user_id" not in client.session

    def test_only_who_may_sign_in(self, client: Client, sarah: User) -> None:
        User.objects.filter(pk=sarah.pk).update(is_active=False)
        assert client.post(f"/demo/sign-in/{sarah.pk}/").status_code == 404

    def test_only_by_a_click(self, client: Client, sarah: User) -> None:
        assert client.get(f"/demo/sign-in/{sarah.pk}/").status_code == 405
        guarded = Client(enforce_csrf_checks=True)
        assert guarded.post(f"/demo/sign-in/{sarah.pk}/").status_code == 403

    def test_only_in_the_demo(self, client: Client, sarah: User, settings: Settings) -> None:
        settings.HUB_DEMO = False
        assert client.post(f"/demo/sign-in/{sarah.pk}/").status_code == 404

    @pytest.mark.urls("inpatient_hub.urls")
    def test_its_address_does_not_exist_outside_the_demo(self, client: Client, sarah: User) -> None:
        assert client.post(f"/demo/sign-in/{sarah.pk}/").status_code == 404
