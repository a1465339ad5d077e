"""The seventeen functions of the Client Integration API: a module each, and all of them by name."""

from systmone.protocol.dialect import same_function
from systmone.protocol.functions.data_extract import DataExtract
from systmone.protocol.functions.delete_from_patient_record import DeleteFromPatientRecord
from systmone.protocol.functions.exit_client import ExitClient
from systmone.protocol.functions.get_appointment_slots import GetAppointmentSlots
from systmone.protocol.functions.get_current_activity import GetCurrentActivity
from systmone.protocol.functions.get_current_selection import GetCurrentSelection
from systmone.protocol.functions.get_diary import GetDiary
from systmone.protocol.functions.get_document import GetDocument
from systmone.protocol.functions.get_functions import GetFunctions
from systmone.protocol.functions.get_organisation_meta_data import GetOrganisationMetaData
from systmone.protocol.functions.get_patient_record import GetPatientRecord
from systmone.protocol.functions.get_reference_data import GetReferenceData
from systmone.protocol.functions.get_xsd_files import GetXSDFiles
from systmone.protocol.functions.is_patient_retrieved import IsPatientRetrieved
from systmone.protocol.functions.launch_functionality import LaunchFunctionality
from systmone.protocol.functions.patient_search import PatientSearch
from systmone.protocol.functions.update_patient_record import UpdatePatientRecord
from systmone.protocol.requests import Request
from systmone.protocol.values import Value

__all__ = [
    "FUNCTIONS",
    "DataExtract",
    "DeleteFromPatientRecord",
    "ExitClient",
    "GetAppointmentSlots",
    "GetCurrentActivity",
    "GetCurrentSelection",
    "GetDiary",
    "GetDocument",
    "GetFunctions",
    "GetOrganisationMetaData",
    "GetPatientRecord",
    "GetReferenceData",
    "GetXSDFiles",
    "IsPatientRetrieved",
    "LaunchFunctionality",
    "PatientSearch",
    "UpdatePatientRecord",
    "function_named",
]

FUNCTIONS: dict[str, type[Request[Value]]] = {
    request.function: request
    for request in (
        GetFunctions,
        GetOrganisationMetaData,
        GetCurrentActivity,
        GetCurrentSelection,
        PatientSearch,
        GetPatientRecord,
        UpdatePatientRecord,
        GetDocument,
        DeleteFromPatientRecord,
        GetAppointmentSlots,
        GetDiary,
        ExitClient,
        DataExtract,
        LaunchFunctionality,
        GetXSDFiles,
        GetReferenceData,
        IsPatientRetrieved,
    )
}


def function_named(name: str) -> type[Request[Value]]:
    """The request of the function `name`, in either name of deleting. Raises KeyError."""
    for request in FUNCTIONS.values():
        if same_function(request.function, name):
            return request
    raise KeyError(name)
