"""Who works on a demo ward."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from demo.people import demo_users
from demo.work import Work
from wards.models import Membership, Role, User, Ward


@dataclass(frozen=True)
class Crew:
    """The people of a ward: `nurses` are among `staff`."""

    staff: Sequence[User]
    nurses: Sequence[User]
    manager: User

    def worker_for(self, work: Work, chance: Random) -> User:
        """Return somebody who may do `work`."""
        return chance.choice(self.nurses if work.by_nurse else self.staff)

    def without(self, name: str) -> "Crew":
        """Return the crew without that person, as far as others remain."""
        return Crew(_others(self.staff, name), _others(self.nurses, name), self.manager)


def crews() -> dict[Ward, Crew]:
    """Return the crew of each ward of the demo."""
    memberships = list(
        Membership.objects.filter(user__in=demo_users(), ward__isnull=False)
        .select_related("user", "ward")
        .order_by("user__name")
    )
    wards = {membership.ward for membership in memberships if membership.ward}
    return {ward: _crew([one for one in memberships if one.ward == ward]) for ward in wards}


def _crew(memberships: Sequence[Membership]) -> Crew:
    workers = [one.user for one in memberships if one.role == Role.NORMAL_USER]
    nurses = [user for user in workers if "nurse" in user.job_title.lower()]
    assistants = [user for user in workers if "assistant" in user.job_title.lower()]
    manager = next(one.user for one in memberships if one.role == Role.WARD_ADMIN)
    return Crew([*nurses, *assistants], nurses, manager)


def _others(people: Sequence[User], name: str) -> Sequence[User]:
    return [user for user in people if user.name != name] or people
