"""What the database holds about memberships."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tests.factories import MembershipFactory, UserFactory, WardFactory, member_of, senior_admin
from wards.models import Membership, Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("with_ward", [True, False])
def test_a_senior_admin_has_all_wards_and_everyone_else_has_one(
    *, role: Role, with_ward: bool
) -> None:
    membership = Membership(
        user=UserFactory.create(), ward=WardFactory.create() if with_ward else None, role=role
    )
    if with_ward is (role is not Role.SENIOR_ADMIN):
        membership.full_clean()
        membership.save()
    else:
        with pytest.raises(ValidationError, match="leave it empty for a senior admin only"):
            membership.full_clean()
        with pytest.raises(IntegrityError):
            membership.save()


def test_a_person_has_a_role_on_a_ward_once() -> None:
    ward = WardFactory.create()
    person = member_of(ward)
    with pytest.raises(IntegrityError):
        MembershipFactory.create(user=person, ward=ward)


def test_a_person_may_have_several_roles_and_wards() -> None:
    person = member_of(WardFactory.create(), WardFactory.create())
    MembershipFactory.create(user=person, role=Role.WARD_ADMIN)
    MembershipFactory.create(user=person, role=Role.SENIOR_ADMIN, ward=None)
    assert person.memberships.count() == 4


def test_a_person_is_a_senior_admin_once() -> None:
    person = senior_admin()
    with pytest.raises(IntegrityError):
        MembershipFactory.create(user=person, role=Role.SENIOR_ADMIN, ward=None)
