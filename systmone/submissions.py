"""What comes through the API and is written to SystmOne: once, however often it is sent."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from systmone import task_sending
from systmone.case_notes import push
from systmone.models import Call, Submission
from tasks import patient_work
from tasks.patient_work import NotOnAWard
from wards import case_notes
from wards.api_callers import Caller
from wards.idempotency import KeyReused, fingerprint_of
from wards.models import Stay
from wards.stays import StayChanged


class NotOnTheWards(Exception):
    """Nobody with this number has an open stay on the caller's wards; nothing was done."""


@dataclass(frozen=True)
class Repeatable:
    """What tells one submission from another: its key, which may be empty, and its body."""

    key: str
    body: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        text = json.dumps(self.body, sort_keys=True)
        return fingerprint_of(text, purpose="systmone.submission")


def write_note(
    *, caller: Caller, nhs_number: str, text: str, key: str = "", at: datetime | None = None
) -> Call:
    """Write a case note on the open stay of `nhs_number`, and push it, as its page does.

    The same `key` from the same caller is the same call, whatever became of the patient meanwhile.
    Raises KeyReused, NotOnTheWards, NotPushed, and InvalidRequest where XML cannot hold the text;
    then there is no note either.
    """
    at = at or timezone.now()

    def write() -> Call:
        stay = _open_stay(caller, nhs_number)
        try:
            note = case_notes.write(stay=stay, text=text, by=caller.by, at=at)
        except StayChanged:  # discharged in this moment
            raise NotOnTheWards from None
        return push(note=note, by=caller.by, at=at)

    sent = Repeatable(key, {"nhsNumber": nhs_number, "text": text})
    return once(sent=sent, caller=caller, do=write, at=at)


def add_task(
    *,
    caller: Caller,
    nhs_number: str,
    facts: Mapping[str, Any],
    key: str = "",
    at: datetime | None = None,
) -> Call:
    """Add a task for the patient with `nhs_number`, and send it, as its page does.

    Raises what `write_note` raises; then there is no task either.
    """
    at = at or timezone.now()

    def add() -> Call:
        stay = _open_stay(caller, nhs_number)
        try:
            task = patient_work.add_patient_task(patient=stay.patient, by=caller.by, **facts)
        except NotOnAWard:  # discharged or moved in this moment
            raise NotOnTheWards from None
        return task_sending.push(task=task, by=caller.by, at=at)

    body = {"nhsNumber": nhs_number, **{name: str(value) for name, value in facts.items()}}
    return once(sent=Repeatable(key, body), caller=caller, do=add, at=at)


def once(*, sent: Repeatable, caller: Caller, do: Callable[[], Call], at: datetime) -> Call:
    """Return the call that `sent` stands for already, or do it, in one transaction."""
    if not sent.key:
        with transaction.atomic():
            return do()
    if earlier := _earlier(sent, caller):
        return earlier
    try:
        with transaction.atomic():
            call = do()
            Submission.objects.create(
                caller=caller.uid,
                key=sent.key,
                fingerprint=sent.fingerprint,
                call=call,
                sent_at=at,
            )
            return call
    except IntegrityError:
        # Somebody sent it in the same moment, and won.
        if earlier := _earlier(sent, caller):
            return earlier
        raise


def _earlier(sent: Repeatable, caller: Caller) -> Call | None:
    found = Submission.objects.filter(caller=caller.uid, key=sent.key).select_related("call")
    earlier = found.first()
    if earlier is None:
        return None
    if not constant_time_compare(earlier.fingerprint, sent.fingerprint):
        raise KeyReused
    return earlier.call


def _open_stay(caller: Caller, nhs_number: str) -> Stay:
    stays = Stay.objects.open().filter(patient__nhs_number=nhs_number, ward__in=caller.wards)
    stay = stays.select_related("patient", "ward").first()
    if stay is None:
        raise NotOnTheWards
    return stay
