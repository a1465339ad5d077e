"""IsPatientRetrieved: whether a record is open at the client."""

from typing import ClassVar

from systmone.protocol.requests import Request
from systmone.protocol.values import TrueOrFalse, Value


class PatientRetrieved(Value):
    """The answer."""

    is_patient_retrieved: TrueOrFalse = False


class IsPatientRetrieved(Request[PatientRetrieved]):
    """Ask whether the client has a patient record retrieved."""

    function: ClassVar = "IsPatientRetrieved"
    summary: ClassVar = "whether a patient record is open at the client"
    response: ClassVar = PatientRetrieved
