"""GetPatientRecord."""

from systmone.simulator.clock import written
from systmone.simulator.coding import in_schemes
from systmone.simulator.documents import Element, build, published
from systmone.simulator.functions.call import Call, Reply
from systmone.simulator.functions.filtering import Filter

ENDED = {
    "Finished",
    "Did Not Attend",
    "Patient Walked Out",
    "Cancelled by Patient",
    "Cancelled by Organisation",
    "Completed",
}


def get_patient_record(call: Call) -> Reply:
    """Section GetPatientRecord: the whole record, or what its Filter leaves of it."""
    filters = Filter.read(call.parameters.find("Filter"))
    patient, state = call.desk.read(call.parameters)
    parts = [published(part) for part in patient.iterfind("Identity")]
    if filters.wants("Demographics"):
        parts.extend(published(part) for part in patient.iterfind("Demographics"))
    if filters.wants_clinical:
        parts.append(_clinical(patient, filters))
    if filters.wants_non_clinical:
        parts.append(_non_clinical(patient, filters, call))
    for part in parts:
        in_schemes(part, call.request, call.unit)
    return [*parts, build("RecordState", state)]


def _clinical(patient: Element, filters: Filter) -> Element:
    events = []
    for event in patient.iterfind("Clinical/Event"):
        if filters.keeps_event(event):
            copy = published(event)
            for item in [item for item in copy if not filters.keeps_item(item, event)]:
                copy.remove(item)
            if filters.keeps_what_is_left(copy):
                events.append(copy)
    return build("Clinical", events)


def _non_clinical(patient: Element, filters: Filter, call: Call) -> Element:
    """Return what is pending: the interface shows no past appointments, visits or tasks."""
    today = written(call.now)[:10]
    return build(
        "NonClinical",
        [
            published(item)
            for item in patient.iterfind("NonClinical/*")
            if filters.keeps_non_clinical(item) and _is_pending(item, today)
        ],
    )


def _is_pending(item: Element, today: str) -> bool:
    if (item.findtext("Status") or "") in ENDED:
        return False
    return item.tag == "Task" or (item.findtext("DateTime") or "") >= today
