"""What would become of each row of a file of patients; nothing is changed here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from wards.access import people_with_access_to, wards_visible_to
from wards.import_rows import Cells, RowForm
from wards.models import Alert, Bed, Patient, Role, Stay, User, Ward
from wards.queries import patients_with


class Fate(StrEnum):
    ADMIT = "would be admitted"
    NOTHING = "nothing to do"
    REFUSED = "refused"


@dataclass(frozen=True)
class Checked:
    """A row of the file and what would become of it.

    `admission` is what `admit` would take; `known` are the patients to whom it was compared.
    """

    line: int
    name: str
    fate: Fate
    sentence: str
    admission: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    known: tuple[int, ...] = field(default=(), compare=False)


class Refusal(Exception):
    """The row cannot be admitted; the text says why."""


class AlreadyThere(Exception):
    """The patient is on the ward already."""


def check(rows: Mapping[int, Cells], *, user: User) -> list[Checked]:
    """Return what would become of each row, if `user` imported them in this order now."""
    checking = _Checking(rows, user)
    return [checking.checked(line, cells) for line, cells in rows.items()]


def are_there(shown: Iterable[Checked], *, now: Iterable[Checked]) -> bool:
    """Say whether all whom a check has `shown` as to be admitted are on their wards by now."""
    there = {one.line for one in now if one.fate == Fate.NOTHING}
    return all(one.line in there for one in shown if one.fate == Fate.ADMIT)


def run_by(user: User) -> QuerySet[Ward]:
    """Return the wards into which `user` may import."""
    return wards_visible_to(user, role=Role.WARD_ADMIN)


class _OnWard:
    """A ward as the file's rows find it; those admitted so far are counted in."""

    def __init__(self, ward: Ward) -> None:
        self.ward = ward
        stays = Stay.objects.open().filter(ward=ward).select_related("patient")
        self.patients = [stay.patient for stay in stays]
        self.taken = {stay.bed_id: "Somebody is in" for stay in stays if stay.bed_id}
        beds = Bed.objects.on(ward).select_related("room")
        self.beds = {str(bed).casefold(): bed for bed in beds}
        self.people: dict[str, list[User]] = defaultdict(list)
        for person in people_with_access_to(ward):
            for text in {person.name, person.email, person.staff_id} - {""}:
                self.people[text.casefold()].append(person)
        self.places_left = ward.capacity - len(self.patients)

    def bed(self, typed: str) -> Bed | None:
        if not typed or typed.casefold() == "no bed assigned":
            return None
        bed = self.beds.get(typed.casefold())
        if bed is None:
            example = next(iter(map(str, self.beds.values())), "")
            hint = f": write it as “{example}”" if example else ""
            raise Refusal(f"{self.ward} has no bed “{typed}” in use{hint}.")
        if bed.pk in self.taken:
            raise Refusal(f"{self.taken[bed.pk]} {bed}.")
        return bed

    def take_place(self, bed: Bed | None, line: int) -> None:
        if self.places_left < 1:
            raise Refusal(f"{self.ward} is full: its capacity is {self.ward.capacity}.")
        self.places_left -= 1
        if bed:
            self.taken[bed.pk] = f"Line {line} takes"


class _Checking:
    """One walk through the file's rows; each ward is read once, each patient as their row comes."""

    def __init__(self, rows: Mapping[int, Cells], user: User) -> None:
        self.wards = {ward.name.casefold(): ward for ward in run_by(user)}
        self.on_ward: dict[int, _OnWard] = {}
        self.alerts = {alert.name.casefold(): alert for alert in Alert.objects.all()}
        self.seen: dict[Any, int] = {}
        self.visible = set(wards_visible_to(user).values_list("pk", flat=True))

    def checked(self, line: int, cells: Cells) -> Checked:
        name = f"{cells.get('surname', '').upper()}, {cells.get('first_name', '')}"
        self.compared: list[Patient] = []
        fate, sentence, admission = self._fate(line, cells)
        known = tuple(patient.pk for patient in self.compared)
        return Checked(line, name, fate, sentence, admission, known)

    def _fate(self, line: int, cells: Cells) -> tuple[Fate, str, dict[str, Any]]:
        try:
            admission = self._admission(line, cells)
        except Refusal as refusal:
            return Fate.REFUSED, str(refusal), {}
        except AlreadyThere as there:
            return Fate.NOTHING, f"Already on {there}.", {}
        place = f"{admission['ward']}, {admission['bed'] or 'No bed assigned'}"
        kept = " The Hub knows the patient: their details are kept."
        sentence = f"To {place}.{kept if admission['patient'].pk else ''}"
        return Fate.ADMIT, sentence, admission

    def _admission(self, line: int, cells: Cells) -> dict[str, Any]:
        """Return what `admit` would take. Raises Refusal or AlreadyThere."""
        ward = self.wards.get(cells.get("ward", "").casefold())
        if ward is None:
            raise Refusal(f"You run no ward called “{cells.get('ward', '')}”.")
        if ward.pk not in self.on_ward:
            self.on_ward[ward.pk] = _OnWard(ward)
        on_ward = self.on_ward[ward.pk]
        form = RowForm(cells, ward=ward, alerts=self.alerts, people=on_ward.people)
        if not form.is_valid():
            raise Refusal(form.problems())
        patient = self._known(form.patient(), on_ward)
        day = form.cleaned_data["admitted"]
        admitted_at = _since_last_stay(patient, day) if day else None
        self._see_once(patient, line)
        bed = on_ward.bed(cells.get("bed", ""))
        on_ward.take_place(bed, line)
        return {
            **form.of_stay(),
            "patient": patient,
            "ward": ward,
            "bed": bed,
            "admitted_at": admitted_at,
        }

    def _known(self, typed: Patient, on_ward: _OnWard) -> Patient:
        """Return the patient to admit: the one whom the Hub knows, or else the one `typed`."""
        self.compared += patients_with(typed.nhs_number, typed.pseudo_number)
        known = _one_of(self.compared, typed)
        if known is None:
            self._check_namesakes(typed, on_ward)
            return typed
        if _who(known) != _who(typed):
            raise Refusal("The Hub has another name or date of birth for this number: check it.")
        stay = Stay.objects.open().select_related("ward").filter(patient=known).first()
        if stay is None:
            return known
        if stay.ward_id == on_ward.ward.pk:
            raise AlreadyThere(on_ward.ward)
        if stay.ward_id in self.visible:
            raise Refusal(f"The patient is on {stay.ward}: transfer them on their page.")
        raise Refusal("The patient is on another ward: ask for a transfer.")

    def _check_namesakes(self, typed: Patient, on_ward: _OnWard) -> None:
        """Raise where somebody of this name and birth date on the ward may be the same person."""
        namesakes = [one for one in on_ward.patients if _who(one) == _who(typed)]
        self.compared += namesakes
        if namesakes and not (typed.nhs_number or typed.pseudo_number):
            raise AlreadyThere(on_ward.ward)
        if any(not one.nhs_number for one in namesakes):
            raise Refusal(
                f"Somebody of this name and date of birth is on {on_ward.ward} without an NHS "
                "number: edit their details on their page."
            )

    def _see_once(self, patient: Patient, line: int) -> None:
        numbers = [number for number in (patient.nhs_number, patient.pseudo_number) if number]
        marks: list[Any] = numbers or [_who(patient)]
        for mark in marks:
            if mark in self.seen:
                raise Refusal(f"Line {self.seen[mark]} has this patient already.")
        self.seen |= dict.fromkeys(marks, line)


def _one_of(known: Sequence[Patient], typed: Patient) -> Patient | None:
    """Return who of `known` is `typed`, by number. Raises Refusal where numbers contradict."""
    if len(known) > 1:
        raise Refusal("The NHS number and the pseudo-number are of two patients: check both.")
    for one in known:
        for name, words in (("nhs_number", "NHS number"), ("pseudo_number", "pseudo-number")):
            numbers = {getattr(one, name), getattr(typed, name)} - {""}
            if len(numbers) > 1:
                raise Refusal(f"The Hub has another {words} for this patient: check it.")
    return known[0] if known else None


def _since_last_stay(patient: Patient, day: date) -> datetime:
    """Return when on `day` the patient came. Raises Refusal where they were in the Hub still."""
    at = _noon(day)
    last = Stay.objects.last_of(patient.pk) if patient.pk else None
    if last is None or last.discharged_at is None or last.discharged_at <= at:
        return at
    discharged_on = timezone.localdate(last.discharged_at)
    if day < discharged_on:
        raise Refusal(
            f"The Hub has a stay of this patient until {discharged_on:%d/%m/%Y}: "
            "“Admitted on” cannot be before that."
        )
    return last.discharged_at  # they came back on that day


def _who(patient: Patient) -> tuple[str, str, date]:
    return patient.surname.casefold(), patient.first_name.casefold(), patient.date_of_birth


def _noon(day: date) -> datetime:
    """Return noon of `day`, or now if that has not come yet."""
    noon = timezone.make_aware(datetime.combine(day, time(12)))
    return min(noon, timezone.now())
