"""DeleteFromPatientRecord."""

from systmone.simulator.documents import Element, build, published, text_of, texts_of
from systmone.simulator.functions.call import Call, Reply
from systmone.simulator.refusals import RefusedPermanently

PLACES = {
    "EventUID": "Clinical/Event",
    "AppointmentUID": "NonClinical/Appointment",
    "TaskUID": "NonClinical/Task",
    "VisitUID": "NonClinical/Visit",
}


def delete_from_patient_record(call: Call) -> Reply:
    """Section DeleteFromPatientRecord: all that is named, or nothing."""
    if not text_of(call.parameters, "Reason"):
        raise RefusedPermanently("A reason for the deletion must be given")
    named = [(tag, uid) for tag in PLACES for uid in texts_of(call.parameters, tag)]
    if not named:
        raise RefusedPermanently("Nothing to delete is named")

    def delete(patient: Element) -> None:
        for tag, uid in named:
            _delete(patient, tag, uid, call.device)

    number, state = call.desk.change(call.parameters, delete)
    identity = call.desk.view(number).iterfind("Identity")
    return [*(published(part) for part in identity), build("RecordState", state)]


def _delete(patient: Element, tag: str, uid: str, device: str) -> None:
    found = next((item for item in patient.iterfind(PLACES[tag]) if _uid(item, tag) == uid), None)
    parent = None if found is None else found.getparent()
    if found is None or parent is None:
        raise RefusedPermanently(f"The record has no {tag} {uid}")
    if found.get("device") != device:
        raise RefusedPermanently(f"{tag} {uid} was not added by this application")
    _delete_documents(patient, found)
    parent.remove(found)


def _delete_documents(patient: Element, event: Element) -> None:
    uids = {element.text for element in event.iter("DocumentUID")}
    for documents in patient.iterfind("Documents"):
        for document in [document for document in documents if document.get("UID") in uids]:
            documents.remove(document)


def _uid(item: Element, tag: str) -> str:
    return item.get(tag, "") or text_of(item, tag)
