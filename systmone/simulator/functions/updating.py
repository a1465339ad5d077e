"""UpdatePatientRecord."""

from systmone.simulator.clock import written
from systmone.simulator.documents import Element, build, published, tag_of
from systmone.simulator.functions.additions import Additions
from systmone.simulator.functions.call import Call, Reply
from systmone.simulator.functions.clinical import add_event, administrative_event
from systmone.simulator.functions.demographics import change_demographics
from systmone.simulator.functions.non_clinical import add_task, add_visit, book_or_update
from systmone.simulator.refusals import RefusedPermanently

UIDS = ("EventUID", "AppointmentUID", "VisitUID", "TaskUID")
PARTS = ("Clinical", "Demographics", "NonClinical")
NON_CLINICAL = {"Appointment": book_or_update, "Visit": add_visit, "Task": add_task}


def update_patient_record(call: Call) -> Reply:
    """Section UpdatePatientRecord: all parts of the update, or none of them."""
    uids: list[Element] = []

    def update(patient: Element) -> None:
        additions = Additions(call, patient, written(call.now))
        events = call.parameters.iterfind("Clinical/Event")
        uids.extend(build("EventUID", add_event(additions, event)) for event in events)
        for changes in call.parameters.iterfind("Demographics"):
            change_demographics(additions, changes)
            uids.append(build("EventUID", administrative_event(additions)))
        for item in call.parameters.iterfind("NonClinical/*"):
            uids.extend(NON_CLINICAL[tag_of(item)](additions, item))
        if not any(call.parameters.findall(f"{part}/*") for part in PARTS):
            raise RefusedPermanently("The update holds nothing to add or change")

    number, state = call.desk.change(call.parameters, update)
    uids.sort(key=lambda uid: UIDS.index(tag_of(uid)))
    identity = call.desk.view(number).iterfind("Identity")
    return [*(published(part) for part in identity), *uids, build("RecordState", state)]
