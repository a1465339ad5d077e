"""The Hub's side of the proof, as a program of its own on the stage's database.

`prepare NOTES PORT` makes a ward, patients whom SystmOne knows, a gateway, and pushes notes on
them; `report` tells what became of the calls, as JSON.
"""

import json
import sys
from datetime import date

import django

django.setup()

from systmone import gateways  # noqa: E402
from systmone.case_notes import push  # noqa: E402
from systmone.models import Call, Gateway  # noqa: E402
from systmone.simulator.fiction.unit import fictional_unit  # noqa: E402
from tests.factories import PatientFactory, WardFactory, member_of  # noqa: E402
from wards import admissions, case_notes  # noqa: E402
from wards.actors import Actor, Source, person  # noqa: E402
from wards.models import Patient  # noqa: E402

PATIENTS = 20


def prepare(notes: int, port: int) -> None:
    """Fill the outbox with `notes` notes."""
    ward = WardFactory.create(name="Byron", capacity=PATIENTS)
    nurse = person(member_of(ward, name="Sarah Johnson"))
    gateway = Gateway(
        name="Byron's PC",
        host="127.0.0.1",
        port=port,
        api_key="f31e26725b5491f2",
        seconds_between_requests=0.02,
        seconds_between_records=0.02,
        seconds_for_an_answer=1,
        seconds_to_settle=0.2,
    )
    gateways.add(gateway=gateway, wards=[ward], by=Actor("proof", Source.COMMAND))
    stays = [
        admissions.admit(patient=patient, ward=ward, by=nurse) for patient in _known_to_systmone()
    ]
    for count in range(notes):
        note = case_notes.write(stay=stays[count % PATIENTS], text=f"Note {count}.", by=nurse)
        push(note=note, by=nurse)


def _known_to_systmone() -> list[Patient]:
    """Patients of the simulator's unit; some have only a pseudo-number."""
    people = list(fictional_unit(1, date.today()).iter("Patient"))[:PATIENTS]  # noqa: DTZ011
    return [
        PatientFactory.create(
            nhs_number=one.findtext("Identity/NHSNumber", default=""),
            pseudo_number=one.findtext("Identity/PseudoNumber", default=""),
        )
        for one in people
    ]


def report() -> None:
    """Print each note's call: how it stands, and its reference."""
    calls = Call.objects.exclude(reference="").values("state", "reference", "problem")
    print(json.dumps(list(calls)))


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]), int(sys.argv[3]))
    else:
        report()
