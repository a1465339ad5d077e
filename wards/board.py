"""The ward board's read model: every bed with its patient, ready to print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from wards.board_facts import facts_of
from wards.models import Bed, Stay, StayStatus, Ward
from wards.queries import in_order

MARK_COLOURS = {
    StayStatus.ON_LEAVE: "yellow",
    StayStatus.ABSENT: "red",
    StayStatus.PENDING_DISCHARGE: "blue",
}


@dataclass(frozen=True)
class Mark:
    """The status of who is not simply on the ward: its words and its colour."""

    text: str
    colour: str


@dataclass(frozen=True)
class Occupant:
    """A patient as the board shows them; plain data."""

    patient_id: int
    name: str
    alerts: tuple[str, ...]
    legal_status: str
    mark: Mark | None
    named_nurse: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A bed, and who stays in it."""

    bed_id: int
    name: str
    in_use: bool
    occupant: Occupant | None


@dataclass(frozen=True)
class Board:
    """A ward's beds in order, and its patients without a bed."""

    places: tuple[Place, ...]
    without_bed: tuple[Occupant, ...]
    capacity: int

    @property
    def patient_ids(self) -> list[int]:
        in_beds = (place.occupant for place in self.places)
        return [one.patient_id for one in (*self.without_bed, *in_beds) if one]

    @property
    def patients(self) -> int:
        return len(self.patient_ids)

    @cached_property
    def version(self) -> str:
        """A short text that differs when anything that the page shows differs."""
        return blake2b(repr(self).encode(), digest_size=8).hexdigest()

    @property
    def free(self) -> int:
        return sum(1 for place in self.places if place.in_use and not place.occupant)


def read(ward: Ward) -> Board:
    """Return the board of `ward`."""
    stays = list(
        Stay.objects.open()
        .filter(ward=ward)
        .select_related("patient", "named_nurse")
        .prefetch_related("patient__alerts")
        .order_by("patient__surname", "patient__first_name", "pk")
    )
    facts = facts_of([stay.patient_id for stay in stays])
    beds = in_order(Bed.objects.filter(room__ward=ward).select_related("room"))
    by_bed = {stay.bed_id: _occupant(stay, ward, facts) for stay in stays}
    known = {bed.pk for bed in beds}
    return Board(
        places=tuple(Place(bed.pk, str(bed), bed.is_in_use, by_bed.get(bed.pk)) for bed in beds),
        without_bed=tuple(
            _occupant(stay, ward, facts) for stay in stays if stay.bed_id not in known
        ),
        capacity=ward.capacity,
    )


def mark_of(stay: Stay) -> Mark | None:
    """Return the status of `stay`, unless the patient is simply on the ward."""
    status = StayStatus(stay.status)
    if status is StayStatus.ACTIVE:
        return None
    return Mark(status.label, MARK_COLOURS.get(status, "grey"))


def _occupant(stay: Stay, ward: Ward, facts: Mapping[int, Sequence[str]]) -> Occupant:
    hides_nurse = ward.hides("named_nurse")
    return Occupant(
        patient_id=stay.patient_id,
        name=stay.patient.name,
        alerts=tuple(alert.name for alert in stay.patient.alerts.all()),
        legal_status=stay.get_legal_status_display(),
        mark=mark_of(stay),
        named_nurse=stay.named_nurse.name if stay.named_nurse and not hides_nurse else "",
        facts=tuple(facts.get(stay.patient_id, ())),
    )
