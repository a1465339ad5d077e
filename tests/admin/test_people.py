"""People are added and looked after by those who run all of their wards."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from tests.admin.conftest import SignIn
from tests.admin.pages import address, errors_on, submit
from tests.factories import MembershipFactory, UserFactory, member_of, senior_admin
from wards.access import highest_role, wards_visible_to
from wards.models import Membership, Role, User, Ward

pytestmark = pytest.mark.django_db

PASSWORD = "eleven-green-bicycles"
ADD = address(User, "add")


def add(client: Client, ward: Ward | None, **changes: Any) -> Any:
    data = {
        "name": "Grace Mensah",
        "email": "Grace.Mensah@example.nhs.uk",
        "staff_id": "NHS77",
        "job_title": "Charge nurse",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "memberships-TOTAL_FORMS": "1" if ward else "0",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-ward": ward.pk if ward else "",
        "memberships-0-role": "normal_user",
    }
    return client.post(ADD, data | changes)


class TestAdding:
    def test_a_new_person_belongs_to_the_ward_and_can_sign_in(
        self, byron: Ward, ward_admin: Client, client: Client
    ) -> None:
        assert add(ward_admin, byron).status_code == 302
        grace = User.objects.get(email="grace.mensah@example.nhs.uk")
        assert list(wards_visible_to(grace)) == [byron]
        signed_in = client.post(
            "/account/sign-in/", {"login": "grace.mensah@example.nhs.uk", "password": PASSWORD}
        )
        assert signed_in.status_code == 302

    def test_the_audit_log_tells_of_the_person_and_of_their_rights(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        add(ward_admin, byron)
        events = AuditEvent.objects.filter(source="admin")
        assert {event.action for event in events} == {"user.create", "membership.create"}
        assert all(PASSWORD not in str(event.detail) for event in events)

    def test_a_person_for_single_sign_on_has_no_password(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        add(ward_admin, byron, usable_password="false", password1="", password2="")
        assert not User.objects.get(staff_id="NHS77").has_usable_password()

    def test_a_weak_password_is_refused(self, byron: Ward, ward_admin: Client) -> None:
        errors = errors_on(add(ward_admin, byron, password1="password", password2="password"))
        assert "This password is too common." in errors

    def test_a_ward_admin_chooses_a_ward_or_would_never_see_the_person_again(
        self, ward_admin: Client, senior: Client
    ) -> None:
        assert errors_on(add(ward_admin, None))
        assert not User.objects.filter(staff_id="NHS77").exists()
        assert add(senior, None).status_code == 302

    def test_a_ward_admin_adds_nobody_to_another_ward(
        self, shelley: Ward, ward_admin: Client
    ) -> None:
        assert errors_on(add(ward_admin, shelley))
        assert not User.objects.filter(staff_id="NHS77").exists()

    def test_a_ward_admin_adds_no_senior_admin(self, byron: Ward, ward_admin: Client) -> None:
        for ward in ("", byron.pk):
            changes = {"memberships-0-role": "senior_admin", "memberships-0-ward": ward}
            assert errors_on(add(ward_admin, byron, **changes))
        assert not User.objects.filter(staff_id="NHS77").exists()

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("email", "TAKEN@example.nhs.uk", "Somebody has this e-mail address already."),
            ("staff_id", "nhs1", "Somebody has this staff id already."),
        ],
    )
    def test_what_must_be_unique_is_an_error_on_the_form(
        self, field: str, value: str, message: str, byron: Ward, ward_admin: Client
    ) -> None:
        UserFactory.create(email="taken@example.nhs.uk", staff_id="NHS1")
        assert message in errors_on(add(ward_admin, byron, **{field: value}))


class TestSeeing:
    def test_a_ward_admin_sees_the_people_of_their_wards_also_those_who_left(
        self, byron: Ward, shelley: Ward, amina: User, ward_admin: Client
    ) -> None:
        here = member_of(byron)
        left = MembershipFactory.create(ward=byron, expires_at=timezone.now()).user
        gone = member_of(byron, is_active=False)
        member_of(shelley)
        senior_admin()
        shown = set(ward_admin.get(address(User)).context["cl"].result_list)
        assert shown == {amina, here, left, gone}

    def test_the_wards_that_a_person_has_elsewhere_are_not_named(
        self, byron: Ward, shelley: Ward, ward_admin: Client
    ) -> None:
        both = member_of(byron, shelley)
        page = ward_admin.get(address(User, "change", both)).content.decode()
        assert "Byron" in page
        assert "Shelley" not in page

    def test_a_password_is_not_searched_for(self, byron: Ward, ward_admin: Client) -> None:
        member_of(byron)
        for lookup in ("password__startswith", "memberships__user__password__startswith"):
            assert ward_admin.get(address(User), {lookup: "pbkdf2"}).status_code == 400
        response = ward_admin.get(address(Membership), {"user__password__startswith": "pbkdf2"})
        assert response.status_code == 400


def set_password(client: Client, person: User) -> Any:
    return client.post(
        address(User, "password", person),
        {
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "set-password": "1",
        },
    )


class TestLookingAfter:
    def test_a_password_is_set_and_the_audit_log_says_so(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        nurse = member_of(byron)
        assert set_password(ward_admin, nurse).status_code == 302
        nurse.refresh_from_db()
        assert nurse.check_password(PASSWORD)
        event = AuditEvent.objects.get(action="user.change")
        assert event.object_id == str(nurse.pk)
        assert event.detail["changes"] == [{"changed": {"fields": ["password"]}}]

    def test_without_its_audit_event_no_password_is_set(
        self, byron: Ward, ward_admin: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nurse = member_of(byron)
        monkeypatch.setattr("wards.scoped_admin.record", int)  # refuses what is said to it
        with pytest.raises(TypeError):
            set_password(ward_admin, nurse)
        nurse.refresh_from_db()
        assert not nurse.check_password(PASSWORD)

    def test_an_ended_access_ends_the_session(
        self, byron: Ward, ward_admin: Client, sign_in: SignIn
    ) -> None:
        nurse = member_of(byron)
        at_work = sign_in(nurse)
        assert at_work.get("/wards/byron/diary/").status_code == 200
        assert submit(ward_admin, address(User, "change", nurse), is_active="").status_code == 302
        assert at_work.get("/wards/byron/diary/").status_code == 302
        assert AuditEvent.objects.get(action="user.change").detail["may_sign_in"] is False

    def test_a_former_email_address_opens_nothing_any_more(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        nurse = member_of(byron, email="old@example.nhs.uk")
        set_password(ward_admin, nurse)
        Client().post("/account/password/reset/", {"email": "old@example.nhs.uk"})
        submit(ward_admin, address(User, "change", nurse), email="New@example.nhs.uk")

        def signs_in(email: str) -> bool:
            data = {"login": email, "password": PASSWORD}
            return Client().post("/account/sign-in/", data).status_code == 302

        assert signs_in("new@example.nhs.uk")
        assert not signs_in("old@example.nhs.uk")

    def test_nobody_ends_their_own_access(self, samir: User, senior: Client) -> None:
        submit(senior, address(User, "change", samir), job_title="Engineer", is_active="")
        samir.refresh_from_db()
        assert (samir.job_title, samir.is_active) == ("Engineer", True)

    @pytest.mark.parametrize("page", ["change", "password"])
    def test_whoever_has_rights_beyond_the_ward_is_for_senior_admins(
        self, page: str, byron: Ward, shelley: Ward, ward_admin: Client, senior: Client
    ) -> None:
        elsewhere = member_of(byron, shelley)
        boss = senior_admin()
        MembershipFactory.create(user=boss, ward=byron)
        locked_out = member_of(byron, shelley, is_active=False)
        for person in (elsewhere, boss, locked_out):
            assert ward_admin.post(address(User, page, person), {}).status_code == 403
            assert senior.get(address(User, page, person)).status_code == 200
        assert set_password(ward_admin, boss).status_code == 403

    def test_a_time_elsewhere_that_is_over_does_not_count(
        self, byron: Ward, shelley: Ward, ward_admin: Client
    ) -> None:
        nurse = member_of(byron)
        yesterday = timezone.now() - timedelta(days=1)
        MembershipFactory.create(user=nurse, ward=shelley, expires_at=yesterday)
        assert set_password(ward_admin, nurse).status_code == 302

    def test_a_person_of_another_ward_is_out_of_reach(
        self, shelley: Ward, ward_admin: Client
    ) -> None:
        nurse = member_of(shelley)
        assert set_password(ward_admin, nurse).status_code == 404
        nurse.refresh_from_db()
        assert not nurse.check_password(PASSWORD)

    def test_a_persons_rights_are_not_changed_on_their_page(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        nurse = member_of(byron)
        given = nurse.memberships.get()
        submit(
            ward_admin,
            address(User, "change", nurse),
            memberships__TOTAL_FORMS="1",
            memberships__INITIAL_FORMS="1",
            memberships__0__id=str(given.pk),
            memberships__0__user=str(nurse.pk),
            memberships__0__ward=str(byron.pk),
            memberships__0__role="ward_admin",
        )
        given.refresh_from_db()
        assert given.role == Role.NORMAL_USER
        assert highest_role(nurse) is not Role.SENIOR_ADMIN
