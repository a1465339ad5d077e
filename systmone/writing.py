"""The one way in which a text of the Hub gets into a patient's record, and back out of it.

A case note goes this way, and the audit log of a discharge. Every text carries a reference, by
which it is found again in the record. What it is the text of has one call that brings it there;
whoever pushes it holds the row of that until the end of the transaction.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from systmone.calls import TIME_FOR_A_WRITE, About, ask, locked, supersede
from systmone.gateways import gateway_of
from systmone.models import Call, Gateway, Priority, State
from systmone.protocol.functions import DeleteFromPatientRecord, UpdatePatientRecord
from systmone.protocol.identity import Identity
from systmone.protocol.record.events import Event, Narrative
from systmone.requests import TEST_NUMBERS, identity_in
from systmone.staff import user_name_of
from wards.actors import Actor
from wards.models import Patient, Stay, User

# Without letters and digits that people mistake for each other.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
REFERENCE_LETTERS = 12  # 59 bits
LONGEST_LINE = 4000  # letters; longer ones than 4,128 were never seen in a record
LONGEST_PART = 12_000  # letters; a case note fits into one part

MAY_BE_WITHDRAWN_FOR = timedelta(days=7)


class NotPushed(Exception):
    """The text cannot go to SystmOne; the sentence says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """What is written into the record of `patient`, and what it is the text of.

    Args:
        about: with the patient, and the note or stay, whose row the caller holds.
        body: the words, several lines.
        last_line: who wrote it, where and when.
        done_at, done_by: when, and by whom in words, SystmOne shows it as done.
        author: who that is in the Hub, for their user name in SystmOne.
    """

    about: About
    patient: Patient
    body: str
    last_line: str
    done_at: datetime
    done_by: str
    author: User | None

    def with_reference(self, reference: str) -> str:
        """Return the exact text that SystmOne gets."""
        # The reference comes first: it must survive where a long text does not.
        return f"Inpatient Hub reference {reference}\n{self.body}\n{self.last_line}"

    def parts(self, gateway: Gateway, reference: str) -> dict[str, Any]:
        """Return what is added to the record. Raises NotPushed where that cannot be."""
        event = Event(
            date_time=self.done_at,
            user_name=user_name_of(self.author, gateway) or None,
            done_by=self.done_by,
            narratives=tuple(_narratives(self.with_reference(reference))),
        )
        return {"events": (event,)}

    @property
    def preview(self) -> str:
        """The same before there is a reference."""
        return self.with_reference("(given when it is sent)")

    @property
    def signature(self) -> str:
        """Under whom SystmOne will record it, in words."""
        stay = Stay.objects.filter(patient=self.patient).latest("pk")
        if user_name := user_name_of(self.author, gateway_of(stay.ward)):
            return f"SystmOne records it as done by {self.done_by}, user {user_name}."
        return (
            f"SystmOne records it as done by {self.done_by}, under the user who is logged on at "
            "the gateway: the Hub does not know this person's own user name there."
        )


@transaction.atomic
def write(*, text: Text, by: Actor, at: datetime | None = None) -> Call:
    """Send `text` to the patient's record, once: one that waits or is there is not sent again.

    Returns the call. Raises NotPushed where it cannot be sent, InvalidRequest where it holds what
    XML cannot.
    """
    at = at or timezone.now()
    if present := call_of(text.about):
        if present.state != State.FAILED:
            return present
        supersede(call=present, by=by, at=at)
    gateway = gateway_for(text.patient)
    reference = _new_reference()
    parts = text.parts(gateway, reference)
    return ask(
        gateway=gateway,
        request=UpdatePatientRecord(identity=identity_of(text.patient), **parts),
        by=by,
        priority=Priority.PERSON_WAITS,
        within=TIME_FOR_A_WRITE,
        about=text.about,
        reference=reference,
        at=at,
    )


@transaction.atomic
def withdraw(*, call: Call, reason: str, by: Actor, at: datetime | None = None) -> Call:
    """Delete from SystmOne what `call` wrote, with a reason that SystmOne keeps.

    Returns the call that deletes it. Raises NotPushed where there is nothing to delete any more.
    """
    at = at or timezone.now()
    held = locked(call)
    if present := withdrawal_of(held):
        if present.state != State.FAILED:
            return present
        supersede(call=present, by=by, at=at)
    if held.state != State.SUCCEEDED or not held.uids or not held.reference:
        raise NotPushed("SystmOne has not said that it holds this, so it cannot be deleted.")
    # A note is undone soon or not at all; a log, as long as a stay may be reopened.
    if held.note_id and held.settled_at and at - held.settled_at > MAY_BE_WITHDRAWN_FOR:
        days = MAY_BE_WITHDRAWN_FOR.days
        raise NotPushed(f"It was sent more than {days} days ago: delete it in SystmOne itself.")
    if not held.parameters:
        raise NotPushed("The Hub keeps no more of it than its reference: delete it in SystmOne.")
    return ask(
        gateway=held.gateway,
        request=_deletion(held, reason),
        by=by,
        priority=Priority.PERSON_WAITS,
        within=TIME_FOR_A_WRITE,
        about=About(ward=held.ward, patient=held.patient, withdraws=held),
        at=at,
    )


def _deletion(call: Call, reason: str) -> DeleteFromPatientRecord:
    """Return the request that deletes what `call` wrote."""
    uids = tuple(call.uids)
    if call.task_id:
        return DeleteFromPatientRecord(identity=identity_in(call), reason=reason, task_uids=uids)
    return DeleteFromPatientRecord(identity=identity_in(call), reason=reason, event_uids=uids)


def call_of(about: About) -> Call | None:
    """Return the call that brings the text of this note, task or stay to SystmOne, if any."""
    calls = Call.objects.filter(withdraws=None, checks=None).exclude(state=State.CANCELLED)
    if about.note:
        return calls.filter(note=about.note).first()
    if about.task:
        return calls.filter(task=about.task).first()
    return calls.filter(stay=about.stay).first() if about.stay else None


def withdrawal_of(call: Call) -> Call | None:
    """Return the call that takes back what `call` wrote, if there is one."""
    return call.withdrawn_by.exclude(state=State.CANCELLED).first()


def was_withdrawn(call: Call) -> bool:
    """Say whether SystmOne has deleted what `call` wrote."""
    withdrawal = withdrawal_of(call)
    return withdrawal is not None and withdrawal.state == State.SUCCEEDED


def identity_of(patient: Patient) -> Identity:
    """Return who `patient` is to SystmOne. Raises NotPushed without a number."""
    if patient.nhs_number:
        return Identity(nhs_number=patient.nhs_number)
    if patient.pseudo_number:
        return Identity(pseudo_number=patient.pseudo_number)
    raise NotPushed("The patient has no NHS number yet: add it to their details first.")


def gateway_for(patient: Patient) -> Gateway:
    """Return the gateway of the patient's ward. Raises NotPushed where they have none."""
    stay = Stay.objects.filter(patient=patient).latest("pk")
    gateway = gateway_of(stay.ward)
    if gateway is None:
        raise NotPushed(f"{stay.ward} has no SystmOne gateway: ask a senior admin to set one up.")
    if gateway.test_patients_only and not patient.nhs_number.startswith(TEST_NUMBERS):
        raise NotPushed(
            "The gateway is for test patients only, whose NHS numbers begin with 999. "
            "A senior admin can open it."
        )
    return gateway


def _new_reference() -> str:
    return "HUB-" + "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LETTERS))


def _narratives(text: str) -> list[Narrative]:
    """Return the whole of `text` in parts of one event, which is written or deleted as one.

    No limit is published: a long log is split, since it would be of no use cut or refused.
    """
    parts: list[list[str]] = [[]]
    letters = 0
    for line in _lines(text):
        if letters + len(line) > LONGEST_PART:
            parts.append([])
            letters = 0
        parts[-1].append(line)
        letters += len(line)
    return [Narrative(lines=tuple(lines)) for lines in parts]


def _lines(text: str) -> list[str]:
    """Return the lines of `text`, longer ones cut where SystmOne is known to take them."""
    return [
        line[start : start + LONGEST_LINE]
        for line in text.splitlines()
        for start in range(0, len(line) or 1, LONGEST_LINE)
    ]
