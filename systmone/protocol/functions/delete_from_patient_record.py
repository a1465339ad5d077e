"""DeleteFromPatientRecord: take back what this device added."""

from typing import ClassVar

from systmone.protocol.errors import InvalidRequest
from systmone.protocol.identity import Identity
from systmone.protocol.requests import Request, check_text
from systmone.protocol.values import Value

SECTION = "DeleteFromPatientRecord"


class RecordDeletion(Value):
    """The answer. Where `record_state` is Open, nothing is committed until the user saves."""

    identity: Identity | None = None
    record_state: str | None = None


class DeleteFromPatientRecord(Request[RecordDeletion]):
    """Delete by UID what this device added: all of it, or nothing where one cannot be deleted.

    Without `identity` the open record is meant, and `leave_record_open` is needed.
    """

    function: ClassVar = "DeleteFromPatientRecord"
    summary: ClassVar = "delete what this device added to a patient record"
    response: ClassVar = RecordDeletion
    repeatable: ClassVar = False

    identity: Identity | None = None
    reason: str | None = None
    event_uids: tuple[str, ...] = ()
    appointment_uids: tuple[str, ...] = ()
    task_uids: tuple[str, ...] = ()
    visit_uids: tuple[str, ...] = ()
    leave_record_open: bool = False

    def is_answered_by(self, response: Value) -> bool:
        """Only an answer with a RecordState says that the change was made."""
        return bool(getattr(response, "record_state", None))

    def check(self) -> None:
        """Raise InvalidRequest without a reason, without a UID, or without a record to act on."""
        if self.identity:
            self.identity.check()
        elif not self.leave_record_open:
            raise InvalidRequest("LeaveRecordOpen", SECTION, "is required without an Identity")
        check_text("Reason", SECTION, self.reason)
        uids = (*self.event_uids, *self.appointment_uids, *self.task_uids, *self.visit_uids)
        if not uids:
            raise InvalidRequest("EventUID", SECTION, "or another UID must say what to delete")
        if not all(uid.strip() for uid in uids):
            raise InvalidRequest("EventUID", SECTION, "must not be empty")
