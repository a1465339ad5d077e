"""Which function answers to which name."""

from systmone.simulator.documents import build
from systmone.simulator.functions.call import Call, Function, Reply
from systmone.simulator.functions.deletion import delete_from_patient_record
from systmone.simulator.functions.diary import get_appointment_slots, get_diary
from systmone.simulator.functions.document import get_document
from systmone.simulator.functions.extract import data_extract
from systmone.simulator.functions.organisation import (
    get_organisation_metadata,
    get_reference_data,
    get_xsd_files,
)
from systmone.simulator.functions.reading import get_patient_record
from systmone.simulator.functions.screen import (
    exit_client,
    get_current_activity,
    get_current_selection,
    is_patient_retrieved,
    launch_functionality,
)
from systmone.simulator.functions.search import patient_search
from systmone.simulator.functions.updating import update_patient_record
from systmone.simulator.refusals import RefusedPermanently
from systmone.simulator.schemas import OTHER_NAMES

VERSION = 1.0


def get_functions(call: Call) -> Reply:
    """Section GetFunctions: every function, under its name in the specification's headings."""
    return [
        build("SupportedFunction", [build("Function", name), build("Version", str(VERSION))])
        for name in FUNCTIONS
    ]


FUNCTIONS: dict[str, Function] = {
    "GetFunctions": get_functions,
    "GetOrganisationMetaData": get_organisation_metadata,
    "GetCurrentActivity": get_current_activity,
    "GetCurrentSelection": get_current_selection,
    "PatientSearch": patient_search,
    "GetPatientRecord": get_patient_record,
    "UpdatePatientRecord": update_patient_record,
    "GetDocument": get_document,
    "DeleteFromPatientRecord": delete_from_patient_record,
    "GetAppointmentSlots": get_appointment_slots,
    "GetDiary": get_diary,
    "ExitClient": exit_client,
    "DataExtract": data_extract,
    "LaunchFunctionality": launch_functionality,
    "GetXSDFiles": get_xsd_files,
    "GetReferenceData": get_reference_data,
    "IsPatientRetrieved": is_patient_retrieved,
}


def function_for(name: str, version: str) -> Function:
    """Return the function of this name and version; the version is a decimal, so 1 is 1.0."""
    function = FUNCTIONS.get(OTHER_NAMES.get(name, name))
    if function is None:
        raise RefusedPermanently(f"The function {name} is not supported")
    try:
        is_supported = float(version) == VERSION
    except ValueError:
        is_supported = False
    if not is_supported:
        raise RefusedPermanently(f"Version {version} of {name} is not supported")
    return function
