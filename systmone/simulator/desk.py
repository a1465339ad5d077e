"""What the SystmOne client has open, and how requests and its user share it.

Section "Functions which retrieve patient records". A record is open because it is displayed (the
user opened it, or a request did with LeaveRecordOpen) or because a workflow retrieved it in the
background. Changes made to a displayed record wait in a draft until the user saves it.
"""

from collections.abc import Callable
from copy import deepcopy

from systmone.simulator.documents import Element, text_of
from systmone.simulator.refusals import RefusedPermanently, RefusedTemporarily
from systmone.simulator.unit import Unit

IN_USE = "The patient record is in use and cannot be changed now, please try again later"
UNSAVED = "Another patient record with unsaved changes is open, please try again later"
IN_BACKGROUND = "The patient record is being retrieved and cannot be displayed, try again later"
NO_RECORD_OPEN = "No patient record is open"

FREED = ("Cancelled by Patient", "Cancelled by Organisation")
NAVIGATION = ("Navigation Actions", "Patient", "Patient Search")
RECORD_SHOWN = ("Patient Actions", "Patient", "Patient Record")


class Desk:
    """One SystmOne client with its user. Not thread-safe: one request or click at a time."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.displayed: str | None = None
        self.activities: tuple[str, ...] = NAVIGATION
        self.selection: list[Element] = []
        self._draft: Element | None = None
        self._background: set[str] = set()

    @property
    def has_unsaved_changes(self) -> bool:
        """Say whether the displayed record differs from what is committed."""
        return self._draft is not None

    @property
    def has_record_retrieved(self) -> bool:
        """Say whether any record is open, displayed or not."""
        return self.displayed is not None or bool(self._background)

    def patient_asked_for(self, parameters: Element) -> str:
        """Return the number in the Identity; without one, that of the displayed record."""
        identity = parameters.find("Identity")
        if identity is None:
            if self.displayed is None:
                raise RefusedPermanently(NO_RECORD_OPEN)
            return self.displayed
        if identity.find("StrategicReportingIdentifier") is not None:
            raise RefusedPermanently("A StrategicReportingIdentifier cannot identify a patient")
        for tag in ("NhsNumber", "NHSNumber", "PseudoNumber"):
            number = text_of(identity, tag).replace(" ", "")
            if number and self.unit.patient(number) is not None:
                return number
        raise RefusedPermanently("No patient with this identity is registered here")

    def view(self, number: str) -> Element:
        """Return the record as this client shows it, with changes that wait to be saved."""
        if number == self.displayed and self._draft is not None:
            return self._draft
        return self._committed(number)

    def read(self, parameters: Element) -> tuple[Element, str]:
        """Return the record that a reading request asks for, and its RecordState after that."""
        number = self.patient_asked_for(parameters)
        if parameters.find("LeaveRecordOpen") is not None:
            self.display(number)
        return self.view(number), self._state(number)

    def change(self, parameters: Element, change: Callable[[Element], None]) -> tuple[str, str]:
        """Apply `change` to the record, wholly or not at all; return its number and RecordState.

        `change` refuses by raising. Without LeaveRecordOpen the change is committed at once.
        """
        leaves_open = parameters.find("LeaveRecordOpen") is not None
        if parameters.find("Identity") is None and not leaves_open:
            raise RefusedPermanently("An Identity or LeaveRecordOpen is required")
        number = self.patient_asked_for(parameters)
        if leaves_open:
            self._check_can_display(number)
            changed = self._changed(number, change)
            self.display(number)
            self._draft = changed
        elif self._state(number) == "Open":
            raise RefusedTemporarily(IN_USE)
        else:
            self.unit.commit(self._changed(number, change))
        return number, self._state(number)

    def display(self, number: str) -> None:
        """Show a record to the user; a client shows one at a time."""
        self._check_can_display(number)
        if number != self.displayed:
            self.displayed = number
            self.selection = []
        self.activities = RECORD_SHOWN

    def free_slots(self) -> list[Element]:
        """Return the slots that no appointment takes, saved or waiting to be saved."""
        taken = {
            appointment.get("slot")
            for number in self.unit.numbers
            for appointment in self.view(number).iterfind("NonClinical/Appointment")
            if text_of(appointment, "Status") not in FREED
        }
        return [slot for slot in self.unit.part("Slots") if slot.get("uid") not in taken]

    def retrieve_in_background(self, number: str) -> None:
        """Hold a record open as some of SystmOne's workflows do, without showing it."""
        self._committed(number)
        self._background.add(number)

    def release_from_background(self, number: str) -> None:
        """End what `retrieve_in_background` began."""
        self._background.discard(number)

    def save(self) -> None:
        """Commit what waits, and close the record, as SystmOne's Save button does."""
        if self._draft is not None:
            self.unit.commit(self._draft)
        self.discard()

    def discard(self) -> None:
        """Forget what waits, and close the record, as SystmOne's Discard button does."""
        self._draft = None
        self.displayed = None
        self.selection = []
        self.activities = NAVIGATION

    def leave(self) -> None:
        """End the client: what was not saved is lost."""
        self.discard()
        self._background.clear()

    def _check_can_display(self, number: str) -> None:
        if number == self.displayed:
            return
        if number in self._background:
            raise RefusedTemporarily(IN_BACKGROUND)
        # The client would ask its user to save or discard first, which a request cannot wait for.
        if self.has_unsaved_changes:
            raise RefusedTemporarily(UNSAVED)

    def _changed(self, number: str, change: Callable[[Element], None]) -> Element:
        changed = deepcopy(self.view(number))
        change(changed)
        return changed

    def _committed(self, number: str) -> Element:
        patient = self.unit.patient(number)
        if patient is None:
            raise LookupError(f"{number} is no patient of this unit")
        return patient

    def _state(self, number: str) -> str:
        return "Open" if number == self.displayed or number in self._background else "Closed"
