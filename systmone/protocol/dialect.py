"""What is written where the specification contradicts itself or the wild contradicts it.

Everything is read in each known form; what is written is a choice, made once per SystmOne unit.
"""

from dataclasses import dataclass
from typing import Literal

from systmone.protocol.documents import Element

DELETE_NAMES = ("DeleteFromPatientRecord", "DeletePatientRecord")


@dataclass(frozen=True)
class Dialect:
    """The forms that requests are written in; the defaults are those seen to work, or the safest.

    nhs_number_element: the examples and a working client say NhsNumber, the text and TPP's schemas
        NHSNumber (Patient Identification).
    delete_function: the text says DeleteFromPatientRecord, its example DeletePatientRecord;
        GetFunctions tells which one a unit knows.
    date_sent_received: the letter example holds a date and time, TPP's schema a date.
    """

    nhs_number_element: Literal["NhsNumber", "NHSNumber"] = "NhsNumber"
    delete_function: Literal["DeleteFromPatientRecord", "DeletePatientRecord"] = (
        "DeleteFromPatientRecord"
    )
    date_sent_received: Literal["date and time", "date"] = "date and time"

    def function_name(self, function: str) -> str:
        """What `function` is called in this dialect."""
        return self.delete_function if function in DELETE_NAMES else function

    def apply(self, parameters: Element) -> None:
        """Put FunctionParameters into this dialect, in place."""
        for tag in ("NHSNumber", "NhsNumber"):
            for element in list(parameters.iter(tag)):
                element.tag = self.nhs_number_element
        if self.date_sent_received == "date":
            for element in parameters.iter("DateSentReceived"):
                element.text = (element.text or "")[:10]


DEFAULT_DIALECT = Dialect()


def same_function(one: str, other: str) -> bool:
    """Whether two names mean one function: deleting has two."""
    return one == other or {one, other} <= set(DELETE_NAMES)
