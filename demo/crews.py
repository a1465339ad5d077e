"""Who works on a demo ward, and on which of its shifts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from demo.people import EVERYBODY, HEALTH_CARE_ASSISTANT, VISITOR
from demo.work import Work
from tasks.models import Shift
from tasks.shifts import ShiftOnDay
from wards.models import Role, User, Ward

FEWEST_NURSES = 2  # so that the visitor has a colleague


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
        on_shift = _colleagues(self._able(work, self._on(shift)))
        return chance.choice(on_shift or _colleagues(self._able(work, self)))

    def _on(self, shift: ShiftOnDay) -> "Crew":
        """Return who is on `shift`: by turns, so that nobody works two shifts of a day."""
        turn = shift.day.toordinal() * len(Shift) + list(Shift).index(shift.shift)
        nurse = self.nurses[turn % len(self.nurses)]
        assistant = self.assistants[turn % len(self.assistants)]
        return Crew([nurse], [assistant], self.manager)

    @staticmethod
    def _able(work: Work, crew: "Crew") -> Sequence[User]:
        return crew.nurses if work.by_nurse else [*crew.nurses, *crew.assistants]


def _colleagues(people: Sequence[User]) -> Sequence[User]:
    return [user for user in people if user.name != VISITOR]


def crews() -> dict[Ward, Crew]:
    """Return the crew of each ward of the demo; of a ward that a visitor added there is none."""
    users = {user.email: user for user in User.objects.all()}
    found = [(ward, _crew(ward, users)) for ward in Ward.objects.all()]
    return {ward: crew for ward, crew in found if crew}


def _crew(ward: Ward, users: Mapping[str, User]) -> Crew | None:
    known = [(one, users[one.address]) for one in EVERYBODY if one.address in users]
    workers = [(one, user) for one, user in known if one.wards[:1] == (ward.name,)]
    nurses = [user for one, user in workers if one.job_title.endswith("nurse")]
    assistants = [user for one, user in workers if one.job_title == HEALTH_CARE_ASSISTANT]
    managers = [
        user for one, user in known if one.role == Role.WARD_ADMIN and ward.name in one.wards
    ]
    if len(nurses) < FEWEST_NURSES or not assistants or not managers:
        return None
    return Crew(nurses, assistants, managers[0])
