"""What the user sees, and what a request makes them see."""

from systmone.simulator.coding import in_schemes
from systmone.simulator.documents import Element, build, published
from systmone.simulator.functions.call import Call, Reply
from systmone.simulator.refusals import RefusedPermanently

LAUNCHED = {
    "Medication": ("Patient Actions", "Prescribing", "New Acute", "Record Acute Medication"),
    "ClinicalCode": ("Patient Actions", "Clinical", "Record Clinical Code"),
    "Attachment": ("Patient Actions", "Communications & Letters", "Record Attachment"),
}


def get_current_activity(call: Call) -> Reply:
    """Section GetCurrentActivity."""
    activities = [build("Activity", activity) for activity in call.desk.activities]
    return [*_identity(call), *activities, _selection(call)]


def get_current_selection(call: Call) -> Reply:
    """Section GetCurrentSelection."""
    return [*_identity(call), _selection(call)]


def is_patient_retrieved(call: Call) -> Reply:
    """Section IsPatientRetrieved; a record that is not displayed is retrieved too."""
    return [build("IsPatientRetrieved", str(call.desk.has_record_retrieved).lower())]


def launch_functionality(call: Call) -> Reply:
    """Section LaunchFunctionality: show the record, and the dialog with its choice made."""
    number = call.desk.patient_asked_for(call.parameters)
    call.desk.display(number)
    for tag, activities in LAUNCHED.items():
        launched = call.parameters.find(tag)
        if launched is not None:
            call.desk.activities = activities
            call.desk.selection = [*launched.iterfind("Code"), *launched.iterfind("Drug")]
    return _identity(call)


def exit_client(call: Call) -> Reply:
    """Section ExitClient; whoever answers closes the client afterwards."""
    return []


def _identity(call: Call) -> list[Element]:
    if call.desk.displayed is None:
        return []
    identity = call.desk.view(call.desk.displayed).find("Identity")
    if identity is None:
        raise RefusedPermanently("The open record has no identity")
    return [published(identity)]


def _selection(call: Call) -> Element:
    chosen = build("CurrentSelection", [published(item) for item in call.desk.selection])
    return in_schemes(chosen, call.request, call.unit)
