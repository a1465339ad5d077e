"""Who was found in SystmOne, by whatever question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from systmone.protocol.functions.get_patient_record import PatientRecord
from systmone.protocol.functions.patient_search import FoundPatient, FoundPatients
from systmone.protocol.identity import Identity
from systmone.protocol.record.people import Address, Demographics
from systmone.protocol.values import Value
from wards.models import Patient, Sex


@dataclass(frozen=True, kw_only=True)
class Found:
    """A patient as SystmOne knows them; what it does not say is empty."""

    nhs_number: str = ""
    pseudo_number: str = ""
    first_name: str = ""
    surname: str = ""
    preferred_name: str = ""
    date_of_birth: date | None = None
    date_of_death: date | None = None
    sex: str = Sex.UNKNOWN
    telephone: str = ""
    postcode: str = ""

    @property
    def name(self) -> str:
        """As the Hub writes it: `QUILL, Beatrice`."""
        return f"{self.surname.upper()}, {self.first_name}"

    @property
    def number(self) -> str:
        """The number by which SystmOne knows them."""
        return self.nhs_number or self.pseudo_number

    @property
    def number_in_words(self) -> str:
        """As the Hub shows numbers."""
        shown = Patient(nhs_number=self.nhs_number, pseudo_number=self.pseudo_number)
        return shown.nhs_number_in_words

    @property
    def sex_in_words(self) -> str:
        """As the Hub says it."""
        return Sex(self.sex).label

    def is_(self, patient: Patient) -> bool:
        """Say whether `patient` has the number that this one has in SystmOne."""
        if self.nhs_number:
            return patient.nhs_number == self.nhs_number
        return bool(self.pseudo_number) and patient.pseudo_number == self.pseudo_number


def found_in(answer: Value) -> Sequence[Found]:
    """Return whom `answer`, to a search or about one record, names."""
    if isinstance(answer, FoundPatients):
        return [_from_search(one) for one in answer.results]
    if isinstance(answer, PatientRecord):
        return [from_record(answer)] if answer.demographics else []
    return []


def from_record(record: PatientRecord) -> Found:
    """Return whose `record` this is, as far as it says so."""
    said, identity = record.demographics or Demographics(), record.identity or Identity()
    return Found(
        nhs_number=identity.nhs_number or "",
        pseudo_number=identity.pseudo_number or "",
        first_name=said.first_name or "",
        surname=said.surname or "",
        preferred_name=said.known_as or "",
        date_of_birth=said.date_of_birth,
        date_of_death=said.date_of_death,
        sex=_sex(said.sex),
        telephone=said.mobile_telephone or said.home_telephone or "",
        postcode=(said.address or Address()).postcode or "",
    )


def _from_search(found: FoundPatient) -> Found:
    identity = found.identity or Identity()
    return Found(
        nhs_number=identity.nhs_number or "",
        pseudo_number=identity.pseudo_number or "",
        first_name=found.first_name or "",
        surname=found.surname or "",
        date_of_birth=found.date_of_birth,
        sex=_sex(found.sex),
        telephone=found.telephone or "",
        postcode=(found.address or Address()).postcode or "",
    )


def _sex(said: str | None) -> str:
    return said if said in Sex.values else Sex.UNKNOWN
