"""Who may do what to people, their rights and discharges; none of this knows HTTP."""

from django.db.models import Q
from django.utils import timezone

from wards.access import ROLES_IN_ORDER, has_role_on, wards_visible_to
from wards.models import Membership, Role, User, Ward


def roles_to_give(user: User) -> tuple[Role, ...]:
    """Return the roles that `user` may give: their own and what it includes, if they run a ward."""
    if user.highest_role not in (Role.WARD_ADMIN, Role.SENIOR_ADMIN):
        return ()
    return ROLES_IN_ORDER[: ROLES_IN_ORDER.index(user.highest_role) + 1]


def can_manage_person(user: User, person: User) -> bool:
    """Say whether `user` may rename `person`, set their password or end their access.

    Whoever sets a password could act as that person, so it takes the rights over all their wards.
    """
    if user.highest_role == Role.SENIOR_ADMIN:
        return True
    # Not `current()`: it leaves out people who may not sign in, who could be let in again.
    lasting = Membership.objects.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))
    run = wards_visible_to(user, role=Role.WARD_ADMIN)
    return run.exists() and not lasting.filter(user=person).exclude(ward__in=run).exists()


def can_change_rights_of(user: User, person: User) -> bool:
    """Say whether `user` may give or take memberships of `person` on the wards that `user` runs.

    Nobody changes their own: so nobody rises, extends their time or locks the last admin out.
    """
    if user == person or user.highest_role not in (Role.WARD_ADMIN, Role.SENIOR_ADMIN):
        return False
    senior = Membership.objects.filter(user=person, role=Role.SENIOR_ADMIN)
    return user.highest_role == Role.SENIOR_ADMIN or not senior.exists()


def can_start_discharges(user: User, ward: Ward) -> bool:
    """Say whether `user` has the role that `ward` asks of who starts a discharge."""
    return has_role_on(user, ward, role=Role(ward.discharges_started_by))


def can_confirm_discharges(user: User, ward: Ward) -> bool:
    """Say whether `user` has the role that `ward` asks of who confirms a discharge."""
    return has_role_on(user, ward, role=Role(ward.discharges_confirmed_by))
