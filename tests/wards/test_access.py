"""People reach the wards that they are members of, in the role that they have there."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from tests.factories import MembershipFactory, UserFactory, WardFactory, member_of, senior_admin
from wards.access import (
    Person,
    has_role_on,
    highest_role,
    people_with_access_to,
    roles_from,
    wards_visible_to,
)
from wards.models import Membership, Role, Ward

pytestmark = pytest.mark.django_db

WARD_ROLES = [Role.NORMAL_USER, Role.CONTRIBUTOR, Role.WARD_ADMIN]
SOON, JUST_NOW = timedelta(minutes=1), -timedelta(minutes=1)


@pytest.fixture(autouse=True)
def shelley() -> Ward:
    return WardFactory.create(name="Shelley")


@pytest.mark.parametrize("needed", Role)
@pytest.mark.parametrize("held", WARD_ROLES)
def test_a_role_includes_the_roles_before_it(held: Role, needed: Role, byron: Ward) -> None:
    enough = list(Role).index(held) >= list(Role).index(needed)
    person = member_of(byron, role=held)
    assert has_role_on(person, byron, role=needed) is enough
    assert highest_role(person) is held
    assert list(wards_visible_to(person, role=needed)) == ([byron] if enough else [])
    assert (person in people_with_access_to(byron, role=needed)) is enough


@pytest.mark.parametrize("held", WARD_ROLES)
def test_a_member_does_not_reach_another_ward(held: Role, byron: Ward, shelley: Ward) -> None:
    person = member_of(byron, role=held)
    assert list(wards_visible_to(person)) == [byron]
    assert not has_role_on(person, shelley)
    assert person not in people_with_access_to(shelley)


@pytest.mark.parametrize("needed", Role)
def test_a_senior_admin_has_every_role_on_every_ward(
    needed: Role, byron: Ward, shelley: Ward
) -> None:
    person = senior_admin()
    assert highest_role(person) is Role.SENIOR_ADMIN
    assert set(wards_visible_to(person, role=needed)) == {byron, shelley}
    assert has_role_on(person, shelley, role=needed)
    assert person in people_with_access_to(shelley, role=needed)


def reaches_nothing(person: Person, ward: Ward) -> bool:
    return not (
        wards_visible_to(person).exists()
        or has_role_on(person, ward)
        or highest_role(person)
        or (person.pk and person in people_with_access_to(ward))
    )


def test_nobody_signed_in_reaches_nothing(byron: Ward) -> None:
    assert reaches_nothing(AnonymousUser(), byron)


def test_a_person_without_membership_reaches_nothing(byron: Ward) -> None:
    assert reaches_nothing(UserFactory.create(), byron)


@pytest.mark.parametrize("role", Role)
def test_a_person_who_may_no_longer_sign_in_reaches_nothing(role: Role, byron: Ward) -> None:
    ward = None if role is Role.SENIOR_ADMIN else byron
    person = UserFactory.create(is_active=False)
    MembershipFactory.create(user=person, ward=ward, role=role)
    assert reaches_nothing(person, byron)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("expires_in", [SOON, JUST_NOW])
def test_a_membership_ends_when_it_expires(role: Role, expires_in: timedelta, byron: Ward) -> None:
    membership = MembershipFactory.create(
        ward=None if role is Role.SENIOR_ADMIN else byron,
        role=role,
        expires_at=timezone.now() + expires_in,
    )
    assert reaches_nothing(membership.user, byron) is (expires_in == JUST_NOW)


def test_a_membership_has_ended_at_the_moment_it_expires() -> None:
    end = timezone.now()
    MembershipFactory.create(expires_at=end)
    assert Membership.objects.current(at=end - timedelta(microseconds=1)).exists()
    assert not Membership.objects.current(at=end).exists()


def test_the_longest_and_highest_of_several_memberships_count(byron: Ward, shelley: Ward) -> None:
    person = member_of(byron, shelley)
    MembershipFactory.create(user=person, ward=byron, role=Role.WARD_ADMIN)
    expired = timezone.now() + JUST_NOW
    MembershipFactory.create(user=person, ward=shelley, role=Role.WARD_ADMIN, expires_at=expired)
    assert list(wards_visible_to(person, role=Role.WARD_ADMIN)) == [byron]
    assert set(wards_visible_to(person)) == {byron, shelley}


def test_a_person_with_two_roles_is_listed_once(byron: Ward) -> None:
    person = member_of(byron)
    MembershipFactory.create(user=person, ward=byron, role=Role.CONTRIBUTOR)
    assert list(people_with_access_to(byron)) == [person]
    assert list(wards_visible_to(person)) == [byron]


def test_roles_are_in_order() -> None:
    assert roles_from(Role.WARD_ADMIN) == (Role.WARD_ADMIN, Role.SENIOR_ADMIN)
    assert roles_from(Role.NORMAL_USER) == tuple(Role)
