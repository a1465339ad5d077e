"""A case note's way into SystmOne, and back out of it.

Every note that the Hub writes carries a reference, by which it is found again in the record.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from systmone.calls import TIME_FOR_A_WRITE, About, ask, locked, supersede
from systmone.gateways import gateway_of
from systmone.models import Call, Gateway, Priority, State
from systmone.protocol.functions import DeleteFromPatientRecord, UpdatePatientRecord
from systmone.protocol.identity import Identity
from systmone.protocol.record.events import Event, Narrative
from systmone.requests import TEST_NUMBERS, identity_in
from wards.actors import Actor
from wards.models import CaseNote, Patient, Stay

# Without letters and digits that people mistake for each other.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
REFERENCE_LETTERS = 12  # 59 bits
LONGEST_LINE = 4000  # letters; longer ones than 4,128 were never seen in a record

MAY_BE_WITHDRAWN_FOR = timedelta(days=7)


class NotPushed(Exception):
    """The note cannot go to SystmOne; the text says why and what to do."""


def preview(*, note: CaseNote, reference: str = "") -> str:
    """Return the exact text that SystmOne gets; without a reference yet, what stands for it."""
    written = timezone.localtime(note.written_at)
    # The reference comes first: it must survive where a long text does not.
    return (
        f"Inpatient Hub reference {reference or '(given when it is sent)'}\n"
        f"{note.text}\n"
        f"Written by {note.author_name} on {note.ward.name}, {written:%d %b %Y %H:%M}"
    )


@transaction.atomic
def push(*, note: CaseNote, by: Actor, at: datetime | None = None) -> Call:
    """Send `note` to the patient's record, once: a note that waits or is there is not sent again.

    Returns the call. Raises NotPushed where it cannot be sent, InvalidRequest where its text holds
    what XML cannot.
    """
    at = at or timezone.now()
    CaseNote.objects.select_for_update(no_key=True).get(pk=note.pk)
    if present := call_of(note):
        if present.state != State.FAILED:
            return present
        supersede(call=present, by=by, at=at)
    identity = identity_of(note.patient)
    reference = _new_reference()
    narrative = Narrative(lines=tuple(_lines(preview(note=note, reference=reference))))
    event = Event(date_time=note.written_at, done_by=note.author_name, narratives=(narrative,))
    return ask(
        gateway=_gateway_for(note.patient),
        request=UpdatePatientRecord(identity=identity, events=(event,)),
        by=by,
        priority=Priority.PERSON_WAITS,
        within=TIME_FOR_A_WRITE,
        about=About(ward=note.ward, patient=note.patient, note=note),
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
    if held.state != State.SUCCEEDED or not held.uids or held.note is None:
        raise NotPushed("SystmOne has not said that it holds this note, so it cannot be deleted.")
    if held.settled_at and at - held.settled_at > MAY_BE_WITHDRAWN_FOR:
        days = MAY_BE_WITHDRAWN_FOR.days
        raise NotPushed(f"It was sent more than {days} days ago: delete it in SystmOne itself.")
    return ask(
        gateway=held.gateway,
        request=DeleteFromPatientRecord(
            identity=identity_in(held), reason=reason, event_uids=tuple(held.uids)
        ),
        by=by,
        priority=Priority.PERSON_WAITS,
        within=TIME_FOR_A_WRITE,
        about=About(ward=held.ward, patient=held.patient, withdraws=held),
        at=at,
    )


def call_of(note: CaseNote) -> Call | None:
    """Return the call that brings `note` to SystmOne, if there is one."""
    calls = Call.objects.filter(note=note, withdraws=None, checks=None)
    return calls.exclude(state=State.CANCELLED).first()


def withdrawal_of(call: Call) -> Call | None:
    """Return the call that takes back what `call` wrote, if there is one."""
    return call.withdrawn_by.exclude(state=State.CANCELLED).first()


def identity_of(patient: Patient) -> Identity:
    """Return who `patient` is to SystmOne. Raises NotPushed without a number."""
    if patient.nhs_number:
        return Identity(nhs_number=patient.nhs_number)
    if patient.pseudo_number:
        return Identity(pseudo_number=patient.pseudo_number)
    raise NotPushed("The patient has no NHS number yet: add it to their details first.")


def _gateway_for(patient: Patient) -> Gateway:
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


def _lines(text: str) -> list[str]:
    """Return the lines of `text`, longer ones cut where SystmOne is known to take them."""
    return [
        line[start : start + LONGEST_LINE]
        for line in text.splitlines()
        for start in range(0, len(line) or 1, LONGEST_LINE)
    ]
