"""GetPatientRecord: a whole patient record, or a filtered part of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, ClassVar

from systmone.protocol.errors import InvalidRequest
from systmone.protocol.identity import Identity
from systmone.protocol.record.bookings import Appointment, Task, Visit
from systmone.protocol.record.events import Event
from systmone.protocol.record.people import Demographics
from systmone.protocol.requests import Request
from systmone.protocol.throttle import Limits, Need, entries_of_today
from systmone.protocol.values import Named, Value


class Filter(Value):
    """Which part of a record to read; without any category, every one.

    Effective dates are when something holds, entry dates when it was typed. `clinical_code` and
    `numeric` are CTV3 codes and may repeat. Only `demographics`, or both entry dates today, spares
    the request the long throttle.
    """

    min_effective_date: date | None = None
    max_effective_date: date | None = None
    min_entry_date: date | None = None
    max_entry_date: date | None = None
    appointments: bool = False
    care_plans: bool = False
    demographics: bool = False
    clinical_codes: bool = False
    clinical_code: Annotated[tuple[str, ...], Named("ClinicalCode")] = ()
    letters: bool = False
    medication: bool = False
    sensitivities: bool = False
    recalls: bool = False
    referrals: bool = False
    relationships: bool = False
    results: bool = False
    vaccinations: bool = False
    numeric: Annotated[tuple[str, ...], Named("Numeric")] = ()
    reminders: bool = False
    activity: bool = False
    attachments: bool = False
    narrative: bool = False
    visits: bool = False
    tasks: bool = False
    user_name_done_by: Annotated[tuple[str, ...], Named("UserNameDoneBy")] = ()


DEMOGRAPHICS_ONLY = Filter(demographics=True)


class PatientRecord(Value):
    """The answer. Events are made when they are looked at, for a record may hold thousands.

    `demographics` is None if it was not asked for. `record_state` is Open or Closed: the state in
    which the SystmOne client has the record afterwards.
    """

    identity: Identity | None = None
    demographics: Demographics | None = None
    events: Annotated[Sequence[Event], Named("Clinical/Event")] = ()
    appointments: Annotated[Sequence[Appointment], Named("NonClinical/Appointment")] = ()
    visits: Annotated[Sequence[Visit], Named("NonClinical/Visit")] = ()
    tasks: Annotated[Sequence[Task], Named("NonClinical/Task")] = ()
    record_state: str | None = None


class GetPatientRecord(Request[PatientRecord]):
    """Read a record; without `identity` the one that is open at the client.

    `leave_record_open` shows the record to the user and leaves it open.
    """

    function: ClassVar = "GetPatientRecord"
    summary: ClassVar = "a patient record, whole or filtered"
    response: ClassVar = PatientRecord

    identity: Identity | None = None
    leave_record_open: bool = False
    filter: Filter | None = None

    def check(self) -> None:
        """Raise InvalidRequest for a wrong identity or dates in the wrong order."""
        if self.identity:
            self.identity.check()
        wanted = self.filter or Filter()
        for name, first, last in (
            ("Effective", wanted.min_effective_date, wanted.max_effective_date),
            ("Entry", wanted.min_entry_date, wanted.max_entry_date),
        ):
            if first and last and first > last:
                raise InvalidRequest(
                    f"Filter/Max{name}Date", "GetPatientRecord", f"is before Min{name}Date"
                )

    def need(self, now: datetime, limits: Limits) -> Need:
        """Whether the long throttle holds (specification: GetPatientRecord)."""
        wanted = self.filter or Filter()
        # A filter read from XML may ask for more than there are fields for.
        of_one_kind = wanted.source is None or len(wanted.source) == 1
        spared = (wanted == DEMOGRAPHICS_ONLY and of_one_kind) or entries_of_today(
            wanted.min_entry_date, wanted.max_entry_date, now, limits
        )
        return Need(record_limit=not spared)
