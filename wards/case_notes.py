"""Writing case notes: free or from a template; an amendment keeps the original."""

from datetime import datetime
from string import Template

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.events import record
from wards.actors import Actor
from wards.features import Feature, check_available
from wards.models import CaseNote, NoteTemplate, Stay
from wards.stays import StayChanged


class AlreadyAmended(Exception):
    """Somebody has amended the note; `latest` is the note as it stands."""

    def __init__(self, note: CaseNote) -> None:
        self.latest = latest(note)
        super().__init__(f"{note} is amended already")


def write(*, stay: Stay, text: str, by: Actor, at: datetime | None = None) -> CaseNote:
    """Write a note on the patient of `stay`. `by` must be a person.

    Raises StayChanged where the stay has ended.
    """
    return _keep(stay, text, by, at, amends=None)


def amend(*, note: CaseNote, text: str, by: Actor, at: datetime | None = None) -> CaseNote:
    """Put better words beside `note`, which stays as it is.

    Raises AlreadyAmended where somebody else did so meanwhile, StayChanged where the stay ended.
    """
    stay = note.patient.stays.latest("pk")  # the last, whatever day of admission it was given
    try:
        with transaction.atomic():
            return _keep(stay, text, by, at, amends=note)
    except IntegrityError:
        raise AlreadyAmended(note) from None


def latest(note: CaseNote) -> CaseNote:
    """Return the last amendment of `note`, or the note itself."""
    while following := CaseNote.objects.filter(amends=note).first():
        note = following
    return note


def beginning(template: NoteTemplate, stay: Stay, by: Actor, at: datetime) -> str:
    """Return the template's text with what is known filled in; other words with $ stay."""
    local = timezone.localtime(at)
    return Template(template.text).safe_substitute(
        patient=stay.patient.preferred_name or stay.patient.first_name,
        ward=stay.ward.name,
        bed=stay.place,
        date=f"{local:%d %B %Y}".lstrip("0"),
        time=f"{local:%H:%M}",
        author=by.name,
    )


@transaction.atomic
def _keep(
    stay: Stay, text: str, by: Actor, at: datetime | None, *, amends: CaseNote | None
) -> CaseNote:
    if by.user is None:
        raise ValueError("a case note is written by a person")
    check_available(Feature.PATIENTS)
    at = at or timezone.now()
    held = Stay.objects.select_for_update(no_key=True).open().filter(pk=stay.pk).first()
    if held is None:
        raise StayChanged(stay)
    note = CaseNote.objects.create(
        patient=stay.patient,
        ward=held.ward,
        text=text,
        author=by.user,
        author_name=by.name,
        written_at=at,
        amends=amends,
    )
    record(
        by=by,
        action="case_note.amend" if amends else "case_note.write",
        object_type="patient",
        object_id=str(stay.patient_id),
        ward=held.ward.name,
        detail={"note": note.pk},
        at=at,
    )
    return note
