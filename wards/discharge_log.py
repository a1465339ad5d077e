"""The audit log of a discharge: who did what when in a stay that has ended, part by part."""

from collections.abc import Iterable
from dataclasses import dataclass

from wards import timeline
from wards.models import Discharge, Stay, User
from wards.words import date_and_time, day_month_year


@dataclass(frozen=True)
class Part:
    """A heading with the lines below it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class DischargeLog:
    """What the page, the text to copy and the PDF say alike; plain data."""

    patient: str
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The same as one text, as the page has it to copy."""
        parts = ("\n".join((part.title, *part.lines)) for part in self.parts)
        return "\n\n".join((self.patient, *parts))


def read(stay: Stay, user: User) -> DischargeLog:
    """Return the log of `stay`, which has ended, for `user`."""
    patient = stay.patient
    born = day_month_year(patient.date_of_birth)
    confirmed = stay.discharges.filter(outcome=Discharge.Outcome.CONFIRMED).first()
    return DischargeLog(
        patient=f"{patient.name}, born {born}, NHS number {patient.nhs_number_in_words}",
        parts=(
            Part("Stay", tuple(_facts(stay, confirmed))),
            *([Part("Checklist", tuple(_checklist(confirmed)))] if confirmed else []),
            Part("What happened", tuple(_events(stay, user))),
        ),
    )


def _facts(stay: Stay, confirmed: Discharge | None) -> Iterable[str]:
    yield f"Ward: {stay.ward.name}"
    yield f"Admitted: {date_and_time(stay.admitted_at)}"
    if stay.discharged_at:
        yield f"Discharged: {date_and_time(stay.discharged_at)}"
    if confirmed:
        started = date_and_time(confirmed.started_at)
        yield f"Discharge started by {confirmed.started_by_name}, {started}"
        yield f"Discharge confirmed by {confirmed.decided_by_name}"


def _checklist(confirmed: Discharge) -> Iterable[str]:
    for item in confirmed.checks.all():
        done = item.done_at and f"{item.done_by_name}, {date_and_time(item.done_at)}"
        yield f"{item.name}: {done or 'did not apply'}"


def _events(stay: Stay, user: User) -> Iterable[str]:
    for entry in reversed(timeline.entries_during(stay, user)):
        who = f", by {entry.who}" if entry.who else ""
        yield f"{date_and_time(entry.at)}: {entry.text}{who}"
