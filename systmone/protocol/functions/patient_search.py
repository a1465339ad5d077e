"""PatientSearch: patients of the organisation, by at least two facts about them."""

import re
from datetime import date
from typing import ClassVar

from systmone.protocol.errors import InvalidRequest
from systmone.protocol.identity import Identity
from systmone.protocol.record.people import Address
from systmone.protocol.requests import Request
from systmone.protocol.values import Value

SECTION = "PatientSearch"
POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?( [0-9][A-Z]{2})?", re.IGNORECASE)


class FoundPatient(Value):
    """One match. `telephone` and `address` may be absent, or present and empty."""

    identity: Identity | None = None
    first_name: str | None = None
    middle_names: str | None = None
    surname: str | None = None
    date_of_birth: date | None = None
    sex: str | None = None
    telephone: str | None = None
    address: Address | None = None


class FoundPatients(Value):
    """The answer; no match is no error, but an empty answer."""

    results: tuple[FoundPatient, ...] = ()


class PatientSearch(Request[FoundPatients]):
    """Look for patients by two or more facts.

    Names may be beginnings. `post_code` is whole, with its space (LS18 5TN), or an area (LS18).
    `gender` is M or F.
    """

    function: ClassVar = "PatientSearch"
    summary: ClassVar = "patients by at least two facts about them"
    response: ClassVar = FoundPatients

    date_of_birth: date | None = None
    post_code: str | None = None
    first_name: str | None = None
    surname: str | None = None
    telephone: str | None = None
    gender: str | None = None

    def check(self) -> None:
        """Raise InvalidRequest for fewer than two facts, or one that SystmOne would not take."""
        facts = (
            self.date_of_birth,
            self.post_code,
            self.first_name,
            self.surname,
            self.telephone,
            self.gender,
        )
        if sum(bool(fact) for fact in facts) < 2:
            raise InvalidRequest(
                "FunctionParameters", SECTION, "needs at least two search constraints"
            )
        if self.post_code and not POSTCODE.fullmatch(self.post_code):
            raise InvalidRequest(
                "PostCode", SECTION, "must look like LS18 5TN, with the space, or like LS18"
            )
        if self.gender and self.gender not in {"M", "F"}:
            raise InvalidRequest("Gender", SECTION, "must be M or F")
