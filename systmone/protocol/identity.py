"""Who a patient is to SystmOne (specification: Patient Identification)."""

from typing import Annotated

import nhs_number

from systmone.protocol.errors import InvalidRequest
from systmone.protocol.values import Named, Value

SECTION = "Patient Identification"


class Identity(Value):
    """A patient: by NHS number, or by the pseudo-number of one who has none.

    `strategic_reporting_identifier` is the RowIdentifier of the patient in the reporting extracts;
    SystmOne gives it and must never be sent it.
    """

    nhs_number: Annotated[str | None, Named("NHSNumber", also_read="NhsNumber")] = None
    pseudo_number: str | None = None
    strategic_reporting_identifier: str | None = None

    def check(self) -> None:
        """Raise InvalidRequest unless this may stand in a request."""
        if self.strategic_reporting_identifier is not None:
            raise InvalidRequest(
                "Identity/StrategicReportingIdentifier", SECTION, "must not be sent; leave it out"
            )
        if bool(self.nhs_number) == bool(self.pseudo_number):
            raise InvalidRequest(
                "Identity", SECTION, "needs either an NHS number or a pseudo-number"
            )
        if self.nhs_number and not is_nhs_number(self.nhs_number):
            raise InvalidRequest(
                "Identity/NHSNumber",
                SECTION,
                "is not an NHS number: ten digits of which the last one checks the others",
            )


def is_nhs_number(text: str) -> bool:
    """Whether `text` is ten digits, without blanks, with the right check digit."""
    return len(text) == 10 and text.isascii() and text.isdigit() and nhs_number.is_valid(text)
