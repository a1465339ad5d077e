"""The state of a SystmOne unit: one XML tree, shaped as SystmOne's own documents show it.

Attributes that start with a lower-case letter are the simulator's own and never leave it:
`entered` (when), `device` (which application added it), `slot` (which slot is taken).
"""

from collections.abc import Callable

from systmone.simulator.documents import Element, text_of, texts_of
from systmone.simulator.uids import uid_of


def number_of(patient: Element) -> str:
    """Return the NHS number, or the pseudo number of a patient who has none."""
    return text_of(patient, "Identity/NHSNumber") or text_of(patient, "Identity/PseudoNumber")


class Unit:
    """What is committed. Not thread-safe: whoever holds it lets one thread at a time in."""

    def __init__(self, root: Element, on_change: Callable[[Element], None] = lambda root: None):
        self.root = root
        self.commits = 0
        self._on_change = on_change
        self._patients = {number_of(patient): patient for patient in root.iter("Patient")}

    @property
    def numbers(self) -> list[str]:
        """The numbers of all patients, in the order in which they were registered."""
        return list(self._patients)

    def patient(self, number: str) -> Element | None:
        """Return the patient with this NHS number or pseudo number."""
        return self._patients.get(number)

    def commit(self, patient: Element) -> None:
        """Put this version of a patient in the place of the one that is there."""
        number = number_of(patient)
        old = self._patients[number]
        parent = old.getparent()
        if parent is None:
            raise LookupError(f"{number} is no patient of this unit")
        parent.replace(old, patient)
        try:
            self.changed()
        except OSError:
            # What could not be stored did not happen.
            parent.replace(patient, old)
            raise
        self._patients[number] = patient
        self.commits += 1

    def changed(self) -> None:
        """Tell whoever stores the unit."""
        self._on_change(self.root)

    def part(self, tag: str) -> Element:
        """Return a container such as Users or Slots."""
        found = self.root.find(tag)
        if found is None:
            raise LookupError(f"The unit has no {tag}")
        return found

    def new_uid(self) -> str:
        """Return a UID that nothing else in this unit has: 16 lower-case hexadecimal digits."""
        count = int(self.root.get("uids", "0")) + 1
        self.root.set("uids", str(count))
        return uid_of(count)

    @property
    def current_user(self) -> Element:
        """The user who is logged on."""
        return next(user for user in self.part("Users") if user.find("CurrentUser") is not None)

    @property
    def current_site(self) -> Element:
        """The site at which the client is."""
        return next(site for site in self.part("Sites") if site.find("CurrentSite") is not None)

    def user(self, name: str) -> Element | None:
        """Return the user with this user name."""
        return next((u for u in self.part("Users") if text_of(u, "UserName") == name), None)

    def names(self, container: str) -> list[str]:
        """Return the texts in a container of plain names, such as LetterTypes."""
        return texts_of(self.part(container), "*")
