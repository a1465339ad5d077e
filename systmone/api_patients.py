"""What the API takes and says about patients of SystmOne."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from ninja import Field
from pydantic import StringConstraints

from systmone.api_answers import Camel, Status, status_of
from systmone.models import Call
from systmone.protocol.functions.patient_search import FoundPatient, PatientSearch
from systmone.protocol.identity import Identity
from systmone.protocol.record.people import Address

Fact = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class Wanted(Camel):
    """Two or more facts about a patient, all of which must be true; names may be beginnings."""

    surname: Fact | None = None
    first_name: Fact | None = None
    date_of_birth: date | None = None
    post_code: Fact | None = Field(
        None, description="whole, with its space, as LS18 5TN, or an area, as LS18"
    )
    telephone: Fact | None = None
    gender: Literal["M", "F"] | None = None
    ward: Fact | None = Field(
        None, description="a ward of yours, from whose gateway to look; without it, your first"
    )

    @property
    def request(self) -> PatientSearch:
        """SystmOne's request for it."""
        return PatientSearch(**self.model_dump(exclude={"ward"}))


class Patient(Camel):
    """A patient whom SystmOne knows."""

    nhs_number: str | None
    pseudo_number: str | None
    first_name: str | None
    middle_names: str | None
    surname: str | None
    date_of_birth: date | None
    sex: str | None
    telephone: str | None
    postcode: str | None


class Search(Camel):
    """How a search stands, and whom it found."""

    call_id: str
    status: Status
    error: str | None
    permanent: bool
    patients: list[Patient] | None = Field(description="`null` unless SystmOne has answered")


def search_of(call: Call, found: Sequence[FoundPatient] | None) -> dict[str, Any]:
    """Return how a search stands and whom it `found`."""
    stands = status_of(call)
    return {
        **{key: stands[key] for key in ("callId", "status", "error", "permanent")},
        "patients": None if found is None else [_patient(one) for one in found],
    }


def _patient(found: FoundPatient) -> dict[str, Any]:
    identity = found.identity or Identity()
    return {
        "nhsNumber": identity.nhs_number,
        "pseudoNumber": identity.pseudo_number,
        "firstName": found.first_name,
        "middleNames": found.middle_names,
        "surname": found.surname,
        "dateOfBirth": found.date_of_birth and found.date_of_birth.isoformat(),
        "sex": found.sex,
        "telephone": found.telephone,
        "postcode": (found.address or Address()).postcode,
    }
