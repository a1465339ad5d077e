"""Typed values and what they keep of a document."""

import pytest
from lxml import etree

from systmone.protocol.dialect import Dialect
from systmone.protocol.errors import InvalidRequest
from systmone.protocol.functions import (
    DeleteFromPatientRecord,
    GetPatientRecord,
    PatientSearch,
    UpdatePatientRecord,
)
from systmone.protocol.functions.get_patient_record import Filter, PatientRecord
from systmone.protocol.identity import Identity
from systmone.protocol.record.events import Event, Letter, Narrative
from systmone.protocol.record.people import Demographics
from tests.systmone.protocol.test_rules import LETTER
from tests.systmone.vectors import vector


def test_absent_and_present_but_empty_are_told_apart() -> None:
    read = Demographics.from_xml(etree.fromstring("<Demographics><KnownAs/></Demographics>"))

    assert read.known_as == ""
    assert read.title is None
    assert read.marital_status is None


def test_what_no_field_holds_stays_reachable() -> None:
    event = Event.from_xml(
        etree.fromstring("<Event><Vaccination><Part>1</Part></Vaccination><New>x</New></Event>")
    )

    assert event.source is not None
    assert event.source.findtext("Vaccination/Part") == "1"
    assert event.source.findtext("New") == "x"


def test_a_value_that_cannot_be_read_is_none_and_stays_reachable() -> None:
    read = Demographics.from_xml(
        etree.fromstring("<Demographics><DateOfBirth>unknown</DateOfBirth></Demographics>")
    )

    assert read.date_of_birth is None
    assert read.source is not None
    assert read.source.findtext("DateOfBirth") == "unknown"


def test_a_person_s_own_xml_that_cannot_be_read_is_refused_before_it_is_sent() -> None:
    request = PatientSearch.from_xml(
        etree.fromstring("<P><Surname>Q</Surname><DateOfBirth>tomorrow</DateOfBirth></P>")
    )

    with pytest.raises(InvalidRequest, match=r"DateOfBirth: must be a date, such as"):
        request.check_readable()


def test_a_request_read_from_xml_is_sent_with_all_that_it_held() -> None:
    element = etree.fromstring(
        "<FunctionParameters><Surname>Q</Surname><New/></FunctionParameters>"
    )

    assert PatientSearch.from_xml(element).parameters().find("New") is not None


def test_a_record_s_repr_shows_no_patient() -> None:
    response = vector("get-patient-record-response").root.find("Response")
    assert response is not None
    record = PatientRecord.from_xml(response)

    shown = f"{record!r} {record.demographics!r} {list(record.events)!r} {record.identity!r}"

    assert "Azra" not in shown
    assert "7835438275" not in shown


def test_an_event_is_made_when_it_is_looked_at_and_kept() -> None:
    response = vector("get-patient-record-response").root.find("Response")
    assert response is not None
    events = PatientRecord.from_xml(response).events

    assert len(events) == 2
    assert events[-1] is events[1]
    assert [event.event_uid for event in events[:2]] == ["b95ee04200000000", "3c891fb900000000"]
    assert events == tuple(events)


def test_flags_are_elements_by_their_presence() -> None:
    written = GetPatientRecord(leave_record_open=True, filter=Filter(tasks=True)).parameters()

    assert etree.tostring(written) == (
        b"<FunctionParameters><LeaveRecordOpen/><Filter><Tasks/></Filter></FunctionParameters>"
    )


def test_a_note_s_lines_become_lines() -> None:
    assert Narrative.from_text("one\r\ntwo").lines == ("one", "two")
    assert Narrative.from_text("one\ntwo").text == "one\ntwo"


def test_the_dialect_says_how_an_nhs_number_is_written() -> None:
    for name in ("NhsNumber", "NHSNumber"):
        parameters = GetPatientRecord(identity=Identity(nhs_number="9434765919")).parameters()
        Dialect(nhs_number_element=name).apply(parameters)

        assert parameters.findtext(f"Identity/{name}") == "9434765919"
        assert GetPatientRecord.from_xml(parameters).identity == Identity(nhs_number="9434765919")


def test_the_dialect_says_whether_a_letter_has_a_time() -> None:
    parameters = UpdatePatientRecord(events=(Event(letters=(LETTER,)),)).parameters()
    Dialect(date_sent_received="date").apply(parameters)

    (written,) = parameters.iter("Letter")
    assert written.findtext("DateSentReceived") == "2026-11-20"
    assert Letter.from_xml(written).date_sent_received is not None


def test_the_dialect_says_what_deleting_is_called() -> None:
    dialect = Dialect(delete_function="DeletePatientRecord")

    assert dialect.function_name(DeleteFromPatientRecord.function) == "DeletePatientRecord"
    assert dialect.function_name("GetDiary") == "GetDiary"
