"""GetReferenceData: the units of numeric codes."""

from datetime import datetime
from typing import Annotated, ClassVar

from systmone.protocol.requests import Request
from systmone.protocol.values import Named, Value


class NumericReadCodeUnits(Value):
    """The units of one numeric code, and since when they belong to it."""

    code: str | None = None
    units: str | None = None
    created_date: datetime | None = None


class ReferenceData(Value):
    """The answer."""

    numeric_read_code_units: Annotated[
        tuple[NumericReadCodeUnits, ...], Named("NumericReadCodeUnits")
    ] = ()


class GetReferenceData(Request[ReferenceData]):
    """Ask for the units of all numeric codes."""

    function: ClassVar = "GetReferenceData"
    summary: ClassVar = "the units of all numeric codes"
    response: ClassVar = ReferenceData
