"""Events of the clinical record and what they hold (specification: UpdatePatientRecord).

The order of the fields is the order in which TPP's schemas want them written. No structure of a
vaccination is published: it stays reachable in the event's `source`, as all without a type does.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self

from systmone.protocol.errors import InvalidRequest
from systmone.protocol.record.codes import Code
from systmone.protocol.record.medication import DrugSensitivity, Medication, RepeatMedication
from systmone.protocol.record.people import Address, PersonName, Relationship
from systmone.protocol.record.plans import CarePlan, PatientPlan, Recall
from systmone.protocol.record.reports import Report
from systmone.protocol.values import Attribute, Named, Value


class ClinicalCode(Value):
    """A coded finding; with `value` a numeric reading, in SystmOne's units where none are given.

    episodicity: New or Ongoing. problem_severity: Major or Minor, makes the code a problem, whose
    `problem_uid` SystmOne gives. comparator: SystmOne's code for <, > and so on.
    """

    code: Code | None = None
    episodicity: str | None = None
    value: Decimal | None = None
    units: str | None = None
    comparator: int | None = None
    problem_severity: str | None = None
    problem_end_date: date | None = None
    problem_uid: str | None = None
    free_text: str | None = None
    is_allergy: bool = False
    is_family_history: bool = False
    linked_problem_uids: tuple[str, ...] = ()


class Reminder(Value):
    """A reminder on the record; `severity` is Low, Normal or High."""

    free_text: str | None = None
    severity: str | None = None
    expiry_date: date | None = None
    linked_problem_uids: tuple[str, ...] = ()


class Letter(Value):
    """A file with who wrote it to whom. Written from `document_path`, read through `document_uid`.

    `document_path` is a path on the computer of the SystmOne client; `direction` is Incoming,
    Outgoing or Other; the types are the unit's own (GetXSDFiles), Miscellaneous always among them.
    """

    recipient_name: PersonName | None = None
    recipient_organisation: str | None = None
    recipient_address: Address | None = None
    sender_name: PersonName | None = None
    sender_organisation: str | None = None
    sender_address: Address | None = None
    document_path: str | None = None
    type: str | None = None
    direction: str | None = None
    date_sent_received: datetime | None = None
    file_name: str | None = None
    file_size: str | None = None
    document_uid: str | None = None
    comments: str | None = None
    linked_problem_uids: tuple[str, ...] = ()

    def check(self, field: str) -> None:
        """Raise InvalidRequest unless this may be added to a record."""
        section = "Update Example: Adding a Letter"
        mandatory = {
            "DocumentPath": self.document_path,
            "Type": self.type,
            "Direction": self.direction,
            "DateSentReceived": self.date_sent_received,
        }
        for name, given in mandatory.items():
            if not given:
                raise InvalidRequest(f"{field}/{name}", section, "is mandatory for a letter")
        if self.direction not in {"Incoming", "Outgoing", "Other"}:
            raise InvalidRequest(
                f"{field}/Direction", section, "must be Incoming, Outgoing or Other"
            )
        if not self.recipient_name and not self.recipient_organisation:
            raise InvalidRequest(
                f"{field}/RecipientName", section, "or RecipientOrganisation must be given"
            )


class Attachment(Value):
    """A file or a web address, without a letter's details."""

    document_path: str | None = None
    url: str | None = None
    file_name: str | None = None
    file_size: str | None = None
    document_uid: str | None = None
    comments: str | None = None
    linked_problem_uids: tuple[str, ...] = ()

    def check(self, field: str) -> None:
        """Raise InvalidRequest unless this may be added to a record."""
        if bool(self.document_path) == bool(self.url):
            raise InvalidRequest(
                field, "Update Example: Adding a File Attachment", "needs a DocumentPath or a URL"
            )


class Activity(Value):
    """Something done; `duration` in minutes; the kinds are the unit's own (GetXSDFiles)."""

    performed: str | None = None
    with_: Annotated[str | None, Named("With")] = None
    method: str | None = None
    duration: int | None = None
    linked_problem_uids: tuple[str, ...] = ()


class Narrative(Value):
    """Free text, a case note, line by line."""

    lines: tuple[str, ...] = ()
    linked_problem_uids: tuple[str, ...] = ()

    @classmethod
    def from_text(cls, text: str) -> Self:
        """A narrative with a Line for each line of `text`."""
        return cls(lines=tuple(text.splitlines()))

    @property
    def text(self) -> str:
        """All lines as one text."""
        return "\n".join(self.lines)


class Event(Value):
    """One consultation or administrative event.

    To write one, everything is optional: without `date_time` and `user_name` SystmOne records it
    now, by the user who is logged in. `software` and `event_uid` are SystmOne's. `method` is Face
    to face, Telephone, Letter, Email, Text or another of TPP's schema.
    """

    date_time: Annotated[datetime | None, Attribute("DateTime")] = None
    user_name: Annotated[str | None, Attribute("UserName")] = None
    done_by: Annotated[str | None, Attribute("DoneBy")] = None
    done_at: Annotated[str | None, Attribute("DoneAt")] = None
    method: Annotated[str | None, Attribute("Method")] = None
    software: Annotated[str | None, Attribute("Software")] = None
    linked_referral_uid: Annotated[str | None, Attribute("LinkedReferralUID")] = None
    event_uid: Annotated[str | None, Attribute("EventUID")] = None
    medications: tuple[Medication, ...] = ()
    clinical_codes: tuple[ClinicalCode, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    recalls: tuple[Recall, ...] = ()
    repeat_medications: tuple[RepeatMedication, ...] = ()
    letters: tuple[Letter, ...] = ()
    patient_plans: tuple[PatientPlan, ...] = ()
    care_plans: tuple[CarePlan, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    reports: tuple[Report, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    activities: Annotated[tuple[Activity, ...], Named("Activity")] = ()
    narratives: tuple[Narrative, ...] = ()
    drug_sensitivitys: tuple[DrugSensitivity, ...] = ()
    linked_problem_uids: tuple[str, ...] = ()

    def check(self, field: str) -> None:
        """Raise InvalidRequest unless this may be added to a record."""
        for finding in self.clinical_codes:
            (finding.code or Code()).check(f"{field}/ClinicalCode/Code")
        for letter in self.letters:
            letter.check(f"{field}/Letter")
        for attachment in self.attachments:
            attachment.check(f"{field}/Attachment")
        for narrative in self.narratives:
            if not narrative.text.strip():
                raise InvalidRequest(
                    f"{field}/Narrative/Line", "UpdatePatientRecord", "has no text"
                )
