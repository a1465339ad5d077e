"""The user's scope: every page, API route and export reaches rows through these.

A role includes what the roles before it may do: normal user, contributor, ward admin, senior admin.
"""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from wards.models import Membership, Role, User, Ward

ROLES_IN_ORDER = (Role.NORMAL_USER, Role.CONTRIBUTOR, Role.WARD_ADMIN, Role.SENIOR_ADMIN)

Person = User | AnonymousUser


def roles_from(role: Role) -> tuple[Role, ...]:
    """Return `role` and every role that includes it."""
    return ROLES_IN_ORDER[ROLES_IN_ORDER.index(role) :]


def highest_role(user: Person) -> Role | None:
    """Return the most that `user` is on any ward; `None` if they are on none."""
    held = _memberships(user, Role.NORMAL_USER).values_list("role", flat=True)
    return max(map(Role, held), key=ROLES_IN_ORDER.index, default=None)


def wards_visible_to(user: Person, *, role: Role = Role.NORMAL_USER) -> QuerySet[Ward]:
    """Return the wards on which `user` has at least `role`: all of them for a senior admin."""
    memberships = _memberships(user, role)
    if memberships.filter(role=Role.SENIOR_ADMIN).exists():
        return Ward.objects.all()
    return Ward.objects.filter(pk__in=memberships.values("ward"))


def has_role_on(user: Person, ward: Ward, *, role: Role = Role.NORMAL_USER) -> bool:
    """Say whether `user` has at least `role` on `ward`."""
    return wards_visible_to(user, role=role).filter(pk=ward.pk).exists()


def people_with_access_to(
    ward: Ward, *, role: Role = Role.NORMAL_USER, at: datetime | None = None
) -> QuerySet[User]:
    """Return who has at least `role` on `ward` at `at`: now, if left out."""
    memberships = Membership.objects.current(at).filter(role__in=roles_from(role))
    reaching = memberships.filter(ward=ward) | memberships.filter(role=Role.SENIOR_ADMIN)
    return User.objects.filter(pk__in=reaching.values("user"))


def _memberships(user: Person, role: Role) -> QuerySet[Membership]:
    if not user.is_authenticated:
        return Membership.objects.none()
    return Membership.objects.current().filter(user=user, role__in=roles_from(role))
