"""What SystmOne says of a linked patient: compared field by field, taken over by a person.

What it said last is kept encrypted with the link, so that differences wait for a person; the answer
itself is not kept beside it.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from audit.events import record
from systmone.calls import TIME_FOR_A_PERSON, About, ask
from systmone.found import from_record
from systmone.gateways import gateway_of
from systmone.models import Call, Gateway, Link, Priority
from systmone.person_lookups import check_speaks, erase
from systmone.protocol.functions import GetPatientRecord
from systmone.protocol.functions.get_patient_record import DEMOGRAPHICS_ONLY, PatientRecord
from systmone.protocol.values import Value
from systmone.requests import TEST_NUMBERS
from systmone.writing import identity_of
from wards import admissions
from wards.actors import Actor, Source
from wards.form_fields import check_birth
from wards.models import Patient, Sex, Stay
from wards.patient_forms import name_field
from wards.stays import StayChanged
from wards.words import day_month_year

SCHEDULE = Actor("The schedule", Source.JOB)

LABELS = {
    "first_name": "First name",
    "surname": "Surname",
    "preferred_name": "Preferred name",
    "date_of_birth": "Date of birth",
    "sex": "Sex",
}
NAMES = ("first_name", "surname", "preferred_name")
KEPT = (*LABELS, "date_of_death")

ASKED_EVERY = timedelta(days=1)
AT_A_TIME = 20  # of a gateway's many patients, so that the others' work goes on
TIMES = {Priority.PERSON_WAITS: TIME_FOR_A_PERSON, Priority.BACKGROUND: timedelta(hours=4)}

ANY_NAME = name_field("Name", "")


@dataclass(frozen=True)
class Difference:
    """A field of which the Hub and SystmOne say different things.

    `hindrance` says why it cannot be taken over as it is; as a rule, nothing does.
    """

    field: str
    here: str
    there: str
    value: Any
    hindrance: str = ""

    @property
    def label(self) -> str:
        return LABELS[self.field]

    @property
    def key(self) -> str:
        """What a form sends back: what was read, so that what changed meanwhile does not pass."""
        return f"{self.field}: {self.here} / {self.there}"


def ask_now(*, link: Link, stay: Stay, by: Actor, at: datetime | None = None) -> Call:
    """Ask what SystmOne says of the linked patient, while a person waits. Raises CannotAsk."""
    gateway = gateway_of(stay.ward)
    check_speaks(gateway, stay.ward)
    if gateway is None:
        raise TypeError("whoever speaks is there")
    return _ask(link, stay, gateway, priority=Priority.PERSON_WAITS, by=by, at=at or timezone.now())


def ask_what_is_due(now: datetime) -> None:
    """Ask about some of the linked patients of whom nobody asked for a day, longest ago first."""
    for gateway in Gateway.objects.filter(is_on=True, stopped_at=None):
        stays = Stay.objects.open().filter(ward__gateway_ward__gateway=gateway)
        due = Link.objects.filter(
            Q(asked_at=None) | Q(asked_at__lte=now - ASKED_EVERY),
            Q(number=F("patient__nhs_number")) | Q(number=F("patient__pseudo_number")),
            patient__stays__in=stays,
        ).order_by(F("asked_at").asc(nulls_first=True), "pk")
        if gateway.test_patients_only:
            due = due.filter(number__startswith=TEST_NUMBERS)
        for link in due.select_related("patient", "asked")[:AT_A_TIME]:
            stay = stays.select_related("ward", "patient").get(patient=link.patient_id)
            _ask(link, stay, gateway, priority=Priority.BACKGROUND, by=SCHEDULE, at=now)


@transaction.atomic
def _ask(
    link: Link,
    stay: Stay,
    gateway: Gateway,
    *,
    priority: Priority,
    by: Actor,
    at: datetime,
) -> Call:
    held = Link.objects.select_for_update(of=("self",)).select_related("asked").get(pk=link.pk)
    if held.asked and not held.asked.is_settled and held.asked.priority <= priority:
        return held.asked
    call = ask(
        gateway=gateway,
        request=GetPatientRecord(identity=identity_of(stay.patient), filter=DEMOGRAPHICS_ONLY),
        by=by,
        priority=priority,
        within=TIMES[priority],
        about=About(ward=stay.ward, patient=stay.patient),
        at=at,
    )
    Link.objects.filter(pk=held.pk).update(asked=call, asked_at=at)
    return call


def keep(call: Call, response: Value, at: datetime) -> None:
    """Keep what SystmOne has said of a linked patient; hears every answer about a record."""
    if not isinstance(response, PatientRecord):
        return
    link = Link.objects.select_for_update().filter(asked=call).first()
    if link is None:
        return
    found = from_record(response)
    if response.demographics and found.number == link.number:
        said = {name: str(value) for name in KEPT if (value := getattr(found, name))}
        Link.objects.filter(pk=link.pk).update(said=json.dumps(said), said_at=at)
    erase(call)


def on_end(*, stay_id: int, **_: object) -> None:
    """Forget what SystmOne said of somebody who leaves; who comes again is asked about at once."""
    left = Link.objects.filter(patient__stays=stay_id)
    left.update(said="", said_at=None, set_aside="", asked=None, asked_at=None)


def said_in(link: Link) -> dict[str, str]:
    """Return what SystmOne said of the patient last, by field."""
    said: dict[str, str] = json.loads(link.said or "{}")
    return said


def differences(stay: Stay, link: Link) -> Sequence[Difference]:
    """Return what a person has to decide: what differs, and was not set aside as it stands."""
    said, aside = said_in(link), json.loads(link.set_aside or "{}")
    fields = [name for name in LABELS if not stay.ward.hides(name)]
    return [
        _difference(stay.patient, name, said[name])
        for name in fields
        if _differs(stay.patient, name, said.get(name, "")) and aside.get(name) != said[name]
    ]


def date_of_death(link: Link) -> date | None:
    """Return when the patient died, if SystmOne says so."""
    died = said_in(link).get("date_of_death")
    return date.fromisoformat(died) if died else None


@transaction.atomic
def take_over(*, stay: Stay, link: Link, keys: Collection[str], by: Actor) -> None:
    """Set what a person has accepted of what SystmOne says, as an edit of the patient's details.

    Raises StayChanged where one of them is not as the person saw it; then nothing has changed.
    """
    chosen = _chosen(stay, link, keys)
    admissions.edit(stay=stay, by=by, **{one.field: one.value for one in chosen})
    _record("systmone.take_over", stay, chosen, by)


@transaction.atomic
def set_aside(*, stay: Stay, link: Link, keys: Collection[str], by: Actor) -> None:
    """Keep what the Hub has: SystmOne's word is shown again only once it says something else.

    Raises StayChanged as `take_over` does.
    """
    chosen = _chosen(stay, link, keys)
    said, aside = said_in(link), json.loads(link.set_aside or "{}")
    aside |= {one.field: said[one.field] for one in chosen}
    Link.objects.filter(pk=link.pk).update(set_aside=json.dumps(aside))
    _record("systmone.set_aside", stay, chosen, by)


def _chosen(stay: Stay, link: Link, keys: Collection[str]) -> Sequence[Difference]:
    present = {one.key: one for one in differences(stay, link)}
    if not set(keys) <= present.keys():
        raise StayChanged(stay)
    return [present[key] for key in keys]


def _differs(patient: Patient, name: str, said: str) -> bool:
    """Of what SystmOne does not say, or does not know, nothing differs."""
    if not said or (name == "sex" and said == Sex.UNKNOWN):
        return False
    return _plain(said) != _plain(str(getattr(patient, name)))


def _difference(patient: Patient, name: str, said: str) -> Difference:
    here = getattr(patient, name)
    if name == "sex":
        return Difference(name, Sex(here).label, Sex(said).label, said)
    if name == "date_of_birth":
        born = date.fromisoformat(said)
        shown = day_month_year(here), day_month_year(born)
        return Difference(name, *shown, born, _hindrance(check_birth, born))
    return Difference(name, here or "nothing", said, said, _hindrance(ANY_NAME.clean, said))


def _hindrance(check: Any, value: Any) -> str:
    try:
        check(value)
    except ValidationError as problem:
        return " ".join(problem.messages)
    return ""


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _record(action: str, stay: Stay, chosen: Sequence[Difference], by: Actor) -> None:
    record(
        by=by,
        action=action,
        object_type="patient",
        object_id=str(stay.patient_id),
        ward=stay.ward.name,
        detail={"fields": [one.field for one in chosen]},
    )
