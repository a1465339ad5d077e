"""What upper rooms add to the top of a ward's diary, without this room knowing them."""

from wards.access import has_role_on
from wards.models import Role, User, Ward
from wards.panels import Facts, Panels, above_wards

above_diaries_of_managers: Panels[Ward] = Panels()  # only who runs the ward sees these


def notices_for(user: User, ward: Ward) -> list[tuple[str, Facts]]:
    """Return the templates above the diary of `ward` as `user` sees it, each with its facts."""
    for_managers = above_diaries_of_managers.of(ward)
    if for_managers and not has_role_on(user, ward, role=Role.WARD_ADMIN):
        for_managers = []
    return [*above_wards.of(ward), *for_managers]
