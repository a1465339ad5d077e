"""Rules that are checked before anything is sent: the field and the specification's section."""

from datetime import UTC, date, datetime

import pytest

from systmone.protocol.errors import InvalidRequest
from systmone.protocol.functions import (
    DataExtract,
    DeleteFromPatientRecord,
    GetAppointmentSlots,
    GetDocument,
    GetPatientRecord,
    LaunchFunctionality,
    PatientSearch,
    UpdatePatientRecord,
)
from systmone.protocol.functions.get_patient_record import Filter
from systmone.protocol.identity import Identity, is_nhs_number
from systmone.protocol.record.bookings import Appointment, Clinic, Slot, Task, Visit
from systmone.protocol.record.codes import Code
from systmone.protocol.record.events import Attachment, ClinicalCode, Event, Letter, Narrative
from systmone.protocol.record.medication import Medication
from systmone.protocol.record.people import Demographics, PersonName
from systmone.protocol.requests import Request
from systmone.protocol.values import Value

PATIENT = Identity(nhs_number="9434765919")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NOTE = Event(narratives=(Narrative.from_text("Slept well."),))
LETTER = Letter(
    recipient_organisation="Elm Road Surgery",
    document_path=r"c:\letter.pdf",
    type="Miscellaneous",
    direction="Outgoing",
    date_sent_received=NOON,
)
SLOT = Slot(slot_type="Slot", date_time_start=NOON, duration=10)  # type: ignore[arg-type]
CLINIC = Clinic(user_name="aokafor", site_name="Elm House", clinic_type="Clinic", slots=(SLOT,))


def update(**parts: object) -> UpdatePatientRecord:
    return UpdatePatientRecord(identity=PATIENT, **parts)  # type: ignore[arg-type]


def event(**parts: object) -> UpdatePatientRecord:
    return update(events=(Event(**parts),))  # type: ignore[arg-type]


BROKEN: list[tuple[Request[Value], str, str]] = [
    (PatientSearch(), "FunctionParameters", "PatientSearch"),
    (PatientSearch(surname="Quill"), "FunctionParameters", "PatientSearch"),
    (PatientSearch(surname="Quill", first_name=""), "FunctionParameters", "PatientSearch"),
    (PatientSearch(surname="Q", post_code="LS185TN"), "PostCode", "PatientSearch"),
    (PatientSearch(surname="Q", post_code="LS18 5T"), "PostCode", "PatientSearch"),
    (PatientSearch(surname="Q", gender="female"), "Gender", "PatientSearch"),
    (GetPatientRecord(identity=Identity()), "Identity", "Patient Identification"),
    (
        GetPatientRecord(identity=Identity(nhs_number="9434765919", pseudo_number="0001")),
        "Identity",
        "Patient Identification",
    ),
    (
        GetPatientRecord(identity=Identity(nhs_number="9434765918")),
        "Identity/NHSNumber",
        "Patient Identification",
    ),
    (
        GetPatientRecord(
            identity=Identity(nhs_number="9434765919", strategic_reporting_identifier="1")
        ),
        "Identity/StrategicReportingIdentifier",
        "Patient Identification",
    ),
    (
        GetPatientRecord(
            filter=Filter(min_entry_date=date(2026, 1, 2), max_entry_date=date(2026, 1, 1))
        ),
        "Filter/MaxEntryDate",
        "GetPatientRecord",
    ),
    (UpdatePatientRecord(events=(NOTE,)), "Identity", "UpdatePatientRecord"),
    (update(), "FunctionParameters", "UpdatePatientRecord"),
    (
        event(narratives=(Narrative.from_text(" \n"),)),
        "Clinical/Event/Narrative/Line",
        "UpdatePatientRecord",
    ),
    (
        event(clinical_codes=(ClinicalCode(code=Code(code="X505K")),)),
        "Clinical/Event/ClinicalCode/Code@Scheme",
        "Adding a Clinical Code",
    ),
    (
        event(clinical_codes=(ClinicalCode(code=Code(scheme="CTV3")),)),
        "Clinical/Event/ClinicalCode/Code@Code",
        "Adding a Clinical Code",
    ),
    (
        event(attachments=(Attachment(comments="which?"),)),
        "Clinical/Event/Attachment",
        "Update Example: Adding a File Attachment",
    ),
    (
        update(appointments=(Appointment(clinic=Clinic(user_name="aokafor")),)),
        "NonClinical/Appointment/Clinic/SiteName",
        "Update Example: Adding a New Appointment",
    ),
    (update(visits=(Visit(),)), "NonClinical/Visit/DateTime", "UpdatePatientRecord"),
    (update(tasks=(Task(content="x"),)), "NonClinical/Task/TaskType", "UpdatePatientRecord"),
    (
        update(tasks=(Task(task_type="Ward", task_uid="1"),)),
        "NonClinical/Task/TaskUID",
        "UpdatePatientRecord",
    ),
    (GetDocument(identity=PATIENT, document_uid="1"), "WriteTo", "GetDocument"),
    (GetDocument(identity=PATIENT, write_to="d:"), "DocumentUID", "GetDocument"),
    (GetDocument(document_uid="1", write_to="d:"), "Identity", "GetDocument"),
    (
        DeleteFromPatientRecord(identity=PATIENT, reason=" ", event_uids=("1",)),
        "Reason",
        "DeleteFromPatientRecord",
    ),
    (
        DeleteFromPatientRecord(identity=PATIENT, reason="wrong"),
        "EventUID",
        "DeleteFromPatientRecord",
    ),
    (
        DeleteFromPatientRecord(reason="wrong", event_uids=("1",)),
        "LeaveRecordOpen",
        "DeleteFromPatientRecord",
    ),
    (
        GetAppointmentSlots(min_date_time=NOON, max_date_time=datetime(2026, 1, 1, tzinfo=UTC)),
        "MaxDateTime",
        "GetAppointmentSlots",
    ),
    (DataExtract(name="Extract"), "Directory", "DataExtract"),
    (DataExtract(directory="d:"), "Name", "DataExtract"),
    (LaunchFunctionality(), "Identity", "LaunchFunctionality"),
    (
        LaunchFunctionality(identity=PATIENT, medication=Medication(), attachment=Attachment()),
        "FunctionParameters",
        "LaunchFunctionality",
    ),
    (
        LaunchFunctionality(
            identity=PATIENT, clinical_code=ClinicalCode(code=Code(scheme="Snomed", code="1"))
        ),
        "ClinicalCode/Code@Scheme",
        "LaunchFunctionality",
    ),
]

KEPT: list[Request[Value]] = [
    PatientSearch(surname="Q", first_name="B"),
    PatientSearch(post_code="LS18 5TN", gender="F"),
    PatientSearch(post_code="LS18", date_of_birth=date(1988, 2, 29)),
    GetPatientRecord(),
    GetPatientRecord(identity=PATIENT),
    GetPatientRecord(identity=Identity(pseudo_number="0002767317")),
    update(demographics=Demographics(middle_names="New")),
    update(events=(NOTE,)),
    event(letters=(LETTER,)),
    update(appointments=(Appointment(clinic=CLINIC),)),
    update(appointments=(Appointment(appointment_uid="1", status="Arrived"),)),
    DeleteFromPatientRecord(leave_record_open=True, reason="wrong", task_uids=("1",)),
    LaunchFunctionality(identity=PATIENT),
]


@pytest.mark.parametrize(("request_", "field", "section"), BROKEN)
def test_a_broken_rule_names_the_field_and_the_section(
    request_: Request[Value], field: str, section: str
) -> None:
    with pytest.raises(InvalidRequest) as raised:
        request_.check()

    assert (raised.value.field, raised.value.section) == (field, section)
    assert raised.value.sentence


@pytest.mark.parametrize("request_", KEPT)
def test_a_request_that_keeps_the_rules_passes(request_: Request[Value]) -> None:
    request_.check()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("document_path", None),
        ("document_path", ""),
        ("type", None),
        ("direction", None),
        ("direction", "Sideways"),
        ("date_sent_received", None),
        ("recipient_organisation", None),
    ],
)
def test_a_letter_needs_its_mandatory_fields(field: str, value: object) -> None:
    parts = {rule.name: getattr(LETTER, rule.name) for rule in LETTER.rules}

    with pytest.raises(InvalidRequest) as raised:
        event(letters=(Letter(**parts | {field: value}),)).check()

    assert raised.value.section == "Update Example: Adding a Letter"


def test_a_letter_to_a_person_needs_no_organisation() -> None:
    parts = {rule.name: getattr(LETTER, rule.name) for rule in LETTER.rules}
    recipient = {"recipient_organisation": None, "recipient_name": PersonName(surname="Quill")}

    event(letters=(Letter(**parts | recipient),)).check()


@pytest.mark.parametrize("text", ["\x00", "bell \x07", "\ud800", "￿", "\x1b[0m"])
def test_text_that_xml_cannot_hold_is_named_by_its_field(text: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        event(narratives=(Narrative(lines=("fine", text)),)).parameters()

    assert raised.value.field == "Clinical/Event/Narrative/Line"


def test_a_time_without_a_zone_is_named_by_its_field() -> None:
    with pytest.raises(InvalidRequest) as raised:
        event(date_time=datetime(2026, 11, 20), narratives=NOTE.narratives).parameters()  # noqa: DTZ001

    assert raised.value.field == "Clinical/Event/DateTime"
    assert "time zone" in raised.value.sentence


@pytest.mark.parametrize("text", ["943 476 5919", "943476591", "\uff19434765919", "", "943476591x"])
def test_only_ten_digits_are_an_nhs_number(text: str) -> None:
    assert not is_nhs_number(text)
