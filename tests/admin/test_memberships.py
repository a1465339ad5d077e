"""Rights are given and taken within one's own, and nobody changes their own."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from tests.admin.conftest import SignIn
from tests.admin.pages import address, errors_on, filled_form, submit
from tests.factories import MembershipFactory, UserFactory, member_of, senior_admin
from wards.access import highest_role, wards_visible_to
from wards.models import Membership, Role, User, Ward

pytestmark = pytest.mark.django_db

ADD = address(Membership, "add")


def give(client: Client, person: str, ward: Ward | None, role: str = "normal_user") -> Any:
    data = {"user": person, "ward": ward.pk if ward else "", "role": role}
    return client.post(ADD, data | {"expires_at_0": "", "expires_at_1": ""})


def last_event() -> AuditEvent:
    event = AuditEvent.objects.first()
    assert event is not None
    return event


class TestGiving:
    @pytest.mark.parametrize("typed", ["grace@example.nhs.uk", "GRACE@example.NHS.uk", "nhs77"])
    def test_a_person_is_added_by_email_address_or_staff_id(
        self, typed: str, byron: Ward, ward_admin: Client
    ) -> None:
        grace = UserFactory.create(email="grace@example.nhs.uk", staff_id="NHS77")
        assert give(ward_admin, typed, byron).status_code == 302
        assert list(wards_visible_to(grace)) == [byron]

    def test_a_bank_nurse_is_added_until_a_day(self, byron: Ward, ward_admin: Client) -> None:
        UserFactory.create(staff_id="BANK1")
        data = {"user": "BANK1", "ward": byron.pk, "role": "normal_user"}
        ward_admin.post(ADD, data | {"expires_at_0": "2030-07-01", "expires_at_1": "08:00"})
        expires = Membership.objects.get(user__staff_id="BANK1").expires_at
        assert expires is not None
        assert expires.isoformat() == "2030-07-01T07:00:00+00:00"

    def test_who_gave_what_to_whom_is_in_the_audit_log(
        self, byron: Ward, amina: User, ward_admin: Client
    ) -> None:
        grace = UserFactory.create(staff_id="NHS77")
        give(ward_admin, "NHS77", byron, "contributor")
        event = last_event()
        assert (event.action, event.source, event.ward) == ("membership.create", "admin", "Byron")
        assert (event.actor_id, event.actor_name) == (str(amina.pk), "Amina Yusuf")
        assert event.detail["person"] == grace.pk
        assert event.detail["role"] == "contributor"

    def test_nobody_is_added_who_is_not_known(self, byron: Ward, ward_admin: Client) -> None:
        errors = errors_on(give(ward_admin, "nobody@example.nhs.uk", byron))
        assert errors == ["Nobody whom you may choose has this e-mail address or staff id."]

    def test_the_same_membership_twice_is_an_error_on_the_form(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        grace = member_of(byron)
        errors = errors_on(give(ward_admin, grace.staff_id, byron))
        assert errors == ["This person has this role on this ward already."]

    def test_a_ward_is_missing_or_too_much(self, byron: Ward, senior: Client) -> None:
        UserFactory.create(staff_id="NHS77")
        without = errors_on(give(senior, "NHS77", None))
        with_one = errors_on(give(senior, "NHS77", byron, "senior_admin"))
        expected = "Choose a ward; leave it empty for a senior admin only."
        assert without == with_one == [expected]

    def test_a_senior_admin_makes_another(self, samir: User, senior: Client) -> None:
        grace = UserFactory.create(staff_id="NHS77")
        assert give(senior, "NHS77", None, "senior_admin").status_code == 302
        assert highest_role(grace) is Role.SENIOR_ADMIN
        errors = errors_on(give(senior, "NHS77", None, "senior_admin"))
        assert errors == ["This person is a senior admin already."]


class TestEscalation:
    def test_a_ward_admin_makes_nobody_a_senior_admin(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        grace = UserFactory.create(staff_id="NHS77")
        for ward in (None, byron):
            errors = errors_on(give(ward_admin, "NHS77", ward, "senior_admin"))
            assert any("senior_admin is not one of the available choices" in one for one in errors)
        assert highest_role(grace) is not Role.SENIOR_ADMIN

    def test_a_ward_admin_adds_nobody_to_another_ward(
        self, shelley: Ward, ward_admin: Client
    ) -> None:
        UserFactory.create(staff_id="NHS77")
        assert (
            "not one of the available choices" in errors_on(give(ward_admin, "NHS77", shelley))[0]
        )
        assert not Membership.objects.filter(ward=shelley).exists()

    def test_a_ward_admin_does_not_add_themselves(
        self, byron: Ward, amina: User, ward_admin: Client
    ) -> None:
        assert errors_on(give(ward_admin, amina.email, byron, "contributor"))
        assert Membership.objects.filter(user=amina).count() == 1

    def test_a_senior_admins_memberships_are_out_of_a_ward_admins_reach(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        boss = senior_admin(staff_id="BOSS")
        on_ward = MembershipFactory.create(user=boss, ward=byron, role=Role.WARD_ADMIN)
        assert errors_on(give(ward_admin, "BOSS", byron, "contributor"))
        for page in ("change", "delete"):
            path = address(Membership, page, on_ward)
            assert ward_admin.post(path, {"role": "normal_user", "post": "yes"}).status_code == 403
        on_ward.refresh_from_db()
        assert on_ward.role == Role.WARD_ADMIN

    @pytest.mark.parametrize("page", ["change", "delete"])
    def test_nobody_changes_or_ends_their_own(
        self, page: str, amina: User, samir: User, ward_admin: Client, senior: Client
    ) -> None:
        soon = timezone.now() + timedelta(days=1)
        Membership.objects.update(expires_at=soon)
        for user, client in ((amina, ward_admin), (samir, senior)):
            own = user.memberships.get()
            data = {"role": own.role, "expires_at_0": "", "expires_at_1": "", "post": "yes"}
            path = address(Membership, page, own)
            assert client.post(path, data).status_code in (302, 403)
            own.refresh_from_db()
            assert own.expires_at == soon

    def test_a_change_moves_a_membership_to_no_other_ward_or_person(
        self, byron: Ward, shelley: Ward, samir: User, ward_admin: Client
    ) -> None:
        given = MembershipFactory.create(ward=byron)
        data = {"ward": shelley.pk, "user": samir.email, "role": "contributor"}
        path = address(Membership, "change", given)
        ward_admin.post(path, data | {"expires_at_0": "", "expires_at_1": ""})
        changed = Membership.objects.get(pk=given.pk)
        assert (changed.ward, changed.user, changed.role) == (byron, given.user, "contributor")


class TestChanging:
    def test_a_change_is_in_both_histories(self, byron: Ward, ward_admin: Client) -> None:
        given = MembershipFactory.create(ward=byron)
        path = address(Membership, "change", given)
        assert submit(ward_admin, path, role="ward_admin").status_code == 302
        assert last_event().action == "membership.change"
        assert last_event().detail["changes"] == [{"changed": {"fields": ["Role"]}}]
        assert last_event().detail["role"] == "ward_admin"
        assert b"Changed Role" in ward_admin.get(address(Membership, "history", given)).content

    def test_a_role_that_the_person_has_already_is_an_error_on_the_form(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        given = MembershipFactory.create(ward=byron)
        MembershipFactory.create(user=given.user, ward=byron, role=Role.CONTRIBUTOR)
        response = submit(ward_admin, address(Membership, "change", given), role="contributor")
        assert errors_on(response) == ["This person has this role on this ward already."]

    def test_a_membership_on_a_ward_becomes_no_senior_admins(
        self, byron: Ward, senior: Client
    ) -> None:
        given = MembershipFactory.create(ward=byron)
        response = submit(senior, address(Membership, "change", given), role="senior_admin")
        assert errors_on(response) == ["Choose a ward; leave it empty for a senior admin only."]

    def test_an_ended_membership_is_in_the_audit_log(self, byron: Ward, ward_admin: Client) -> None:
        given = MembershipFactory.create(ward=byron)
        ward_admin.post(address(Membership, "delete", given), {"post": "yes"})
        assert not Membership.objects.filter(pk=given.pk).exists()
        assert (last_event().action, last_event().object_id) == (
            "membership.delete",
            str(given.pk),
        )

    def test_a_form_that_is_sent_unchanged_changes_nothing(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        expires = timezone.now().replace(second=0, microsecond=0)
        given = MembershipFactory.create(ward=byron, expires_at=expires)
        path = address(Membership, "change", given)
        assert ward_admin.post(path, filled_form(ward_admin, path)).status_code == 302
        given.refresh_from_db()
        assert given.expires_at == expires


def test_rights_end_with_the_request_that_took_them(
    byron: Ward, sign_in: SignIn, senior: Client
) -> None:
    user = member_of(byron, role=Role.WARD_ADMIN)
    client = sign_in(user)
    assert client.get(ADD).status_code == 200
    senior.post(address(Membership, "delete", user.memberships.get()), {"post": "yes"})
    assert client.get(ADD).status_code == 302


@pytest.mark.parametrize("page", ["change", "delete"])
def test_without_its_audit_event_nothing_is_changed(
    page: str, byron: Ward, ward_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = MembershipFactory.create(ward=byron)
    path = address(Membership, page, given)
    data = {"role": "ward_admin", "expires_at_0": "", "expires_at_1": "", "post": "yes"}

    def fail(**_: Any) -> None:
        raise OSError

    monkeypatch.setattr("wards.scoped_admin.record", fail)
    with pytest.raises(OSError):  # noqa: PT011
        ward_admin.post(path, data)
    given.refresh_from_db()
    assert given.role == Role.NORMAL_USER
    assert not LogEntry.objects.exists()
