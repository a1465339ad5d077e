"""Who works on a demo ward, and on which of its shifts."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from demo.people import EVERYBODY, HEALTH_CARE_ASSISTANT, VISITOR, Person
from demo.work import Work
from tasks.models import Shift
from tasks.shifts import ShiftOnDay
from wards.models import Role, User, Ward


@dataclass(frozen=True)
class Crew:
    """The people who mostly work on one ward, and the one who runs it."""

    nurses: Sequence[User]
    assistants: Sequence[User]
    manager: User

    def worker_for(self, work: Work, shift: ShiftOnDay, chance: Random) -> User:
        """Return somebody on `shift` who may do `work`."""
        return chance.choice(self._able(work, self._on(shift)))

    def colleague_for(self, work: Work, shift: ShiftOnDay, chance: Random) -> User:
        """As `worker_for`, but never the person who the visitor most likely is."""
        on_shift = self._able(work, self._on(shift))
        for able in (on_shift, self._able(work, self)):
            if others := [user for user in able if user.name != VISITOR]:
                return chance.choice(others)
        raise ValueError("A crew has at least two nurses.")

    def _on(self, shift: ShiftOnDay) -> "Crew":
        """Return who is on `shift`: by turns, so that nobody works two shifts of a day."""
        turn = shift.day.toordinal() * len(Shift) + list(Shift).index(shift.shift)
        nurse = self.nurses[turn % len(self.nurses)]
        assistant = self.assistants[turn % len(self.assistants)]
        return Crew([nurse], [assistant], self.manager)

    @staticmethod
    def _able(work: Work, crew: "Crew") -> Sequence[User]:
        return crew.nurses if work.by_nurse else [*crew.nurses, *crew.assistants]


def crews() -> dict[Ward, Crew]:
    """Return the crew of each ward of the demo."""
    users = {user.email: user for user in User.objects.all()}
    return {ward: _crew(ward, users) for ward in Ward.objects.all()}


def _crew(ward: Ward, users: dict[str, User]) -> Crew:
    def mostly_here(person: Person) -> bool:
        return person.wards[:1] == (ward.name,) and person.address in users

    here = [person for person in EVERYBODY if mostly_here(person)]
    return Crew(
        nurses=[users[one.address] for one in here if one.job_title.endswith("nurse")],
        assistants=[users[one.address] for one in here if one.job_title == HEALTH_CARE_ASSISTANT],
        manager=next(
            users[one.address]
            for one in EVERYBODY
            if one.role == Role.WARD_ADMIN and ward.name in one.wards
        ),
    )
