"""UpdatePatientRecord: add to a record, change demographics, book and update appointments."""

from typing import Annotated, ClassVar

from systmone.protocol.errors import InvalidRequest
from systmone.protocol.identity import Identity
from systmone.protocol.record.bookings import Appointment, Task, Visit
from systmone.protocol.record.events import Event
from systmone.protocol.record.people import Demographics
from systmone.protocol.requests import Request
from systmone.protocol.values import Named, Value

SECTION = "UpdatePatientRecord"


class RecordUpdate(Value):
    """The answer: the UIDs that SystmOne gave, by which each addition can be deleted.

    Where `record_state` is Open, nothing is committed until the user saves the record.
    """

    identity: Identity | None = None
    event_uids: tuple[str, ...] = ()
    appointment_uids: tuple[str, ...] = ()
    visit_uids: tuple[str, ...] = ()
    task_uids: tuple[str, ...] = ()
    record_state: str | None = None


class UpdatePatientRecord(Request[RecordUpdate]):
    """Add to the record of `identity`. Not idempotent: sent twice, it stands there twice.

    `demographics` holds the fields to change and no others.
    """

    function: ClassVar = "UpdatePatientRecord"
    summary: ClassVar = "add to a patient record"
    response: ClassVar = RecordUpdate
    repeatable: ClassVar = False

    identity: Identity | None = None
    demographics: Demographics | None = None
    events: Annotated[tuple[Event, ...], Named("Clinical/Event")] = ()
    appointments: Annotated[tuple[Appointment, ...], Named("NonClinical/Appointment")] = ()
    visits: Annotated[tuple[Visit, ...], Named("NonClinical/Visit")] = ()
    tasks: Annotated[tuple[Task, ...], Named("NonClinical/Task")] = ()
    leave_record_open: bool = False

    def is_answered_by(self, response: Value) -> bool:
        """Only an answer with a RecordState says that the change was made."""
        return bool(getattr(response, "record_state", None))

    def check(self) -> None:
        """Raise InvalidRequest for a missing patient, nothing to write, or an incomplete part."""
        if self.identity is None:
            raise InvalidRequest("Identity", SECTION, "is needed")
        self.identity.check()
        non_clinical: tuple[Appointment | Visit | Task, ...] = (
            *self.appointments,
            *self.visits,
            *self.tasks,
        )
        if not (self.demographics or self.events or non_clinical):
            raise InvalidRequest("FunctionParameters", SECTION, "holds nothing to add or change")
        for event in self.events:
            event.check("Clinical/Event")
        for part in non_clinical:
            part.check(f"NonClinical/{type(part).__name__}")
