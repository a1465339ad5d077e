"""Slots, appointments, the diary, and taking away what was added."""

import re
from pathlib import Path

import pytest
from lxml import etree

from tests.systmone.simulator.raw import IDENTITY, NUMBER, OPEN, Answer, RawClient, event, note

CLINIC = "<UserName>zwisniewska</UserName>"
REASON = "<Reason>entered for the wrong patient</Reason>"


def first_slot(client: RawClient, **changes: str) -> str:
    """Return a NonClinical part that books the first free slot of one clinician."""
    clinic = client.call("GetAppointmentSlots", CLINIC).findall("Clinic")[0]
    slot = clinic.findall("Slot")[0]
    texts = {element.tag: element.text for element in (*clinic, *slot)} | changes
    return (
        "<NonClinical><Appointment><Clinic><UserName>{UserName}</UserName>"
        "<SiteName>{SiteName}</SiteName><ClinicType>{ClinicType}</ClinicType><Slot>"
        "<SlotType>{SlotType}</SlotType><DateTimeStart>{DateTimeStart}</DateTimeStart>"
        "<Duration>{Duration}</Duration></Slot></Clinic><Comments>c</Comments></Appointment>"
        "</NonClinical>"
    ).format(**texts)


def update(client: RawClient, parameters: str, **other: str) -> Answer:
    return client.call("UpdatePatientRecord", IDENTITY + parameters, **other)


def delete(client: RawClient, parameters: str, **other: str) -> Answer:
    function = other.pop("function", "DeleteFromPatientRecord")
    return client.call(function, IDENTITY + parameters, **other)


def slots(client: RawClient, filters: str = CLINIC) -> list[str]:
    return client.call("GetAppointmentSlots", filters).texts("Clinic/Slot/DateTimeStart")


def test_slots_are_free_until_they_are_booked(client: RawClient) -> None:
    before = slots(client)
    answer = update(client, first_slot(client))
    assert re.fullmatch("[0-9a-f]{16}", answer.text("AppointmentUID"))
    assert slots(client) == before[1:]


def test_a_taken_slot_cannot_be_booked_again(client: RawClient) -> None:
    booking = first_slot(client)
    update(client, booking)
    assert update(client, booking).permanence == "true"


def test_one_update_cannot_book_one_slot_twice(client: RawClient) -> None:
    booking = first_slot(client)
    appointment = booking.removeprefix("<NonClinical>")
    before = slots(client)
    assert update(client, f"<NonClinical>{appointment[:-14]}{appointment}").permanence == "true"
    assert slots(client) == before


def test_a_slot_of_an_unsaved_booking_is_taken_until_it_is_discarded(client: RawClient) -> None:
    before = slots(client)
    update(client, first_slot(client) + OPEN)
    assert slots(client) == before[1:]
    client.simulator.discard_record()
    assert slots(client) == before


@pytest.mark.parametrize(
    "changes", [{"Duration": "31"}, {"UserName": "aokonjo"}, {"SlotType": "Other"}]
)
def test_every_part_of_the_slot_must_match(client: RawClient, changes: dict[str, str]) -> None:
    assert update(client, first_slot(client, **changes)).permanence == "true"


@pytest.mark.parametrize(
    ("filters", "path", "values"),
    [
        (CLINIC, "Clinic/UserName", {"zwisniewska"}),
        (f"{CLINIC}<UserName>aokonjo</UserName>", "Clinic/UserName", {"zwisniewska", "aokonjo"}),
        ("<ClinicType>Psychology Clinic</ClinicType>", "Clinic/UserName", {"dprosser"}),
        ("<SlotType>Slot</SlotType>", "Clinic/Slot/SlotType", {"Slot"}),
        ("<SiteName>Nowhere</SiteName>", "Clinic/UserName", set()),
        ("<MinDateTime>2099-01-01T00:00:00</MinDateTime>", "Clinic/UserName", set()),
        ("<MaxDateTime>2000-01-01T00:00:00</MaxDateTime>", "Clinic/UserName", set()),
    ],
)
def test_slots_can_be_filtered(
    client: RawClient, filters: str, path: str, values: set[str]
) -> None:
    assert set(client.call("GetAppointmentSlots", filters).texts(path)) == values


def changed(client: RawClient, uid: str, change: str) -> Answer:
    appointment = f"<Appointment>{change.format(f'<AppointmentUID>{uid}</AppointmentUID>')}"
    return update(client, f"<NonClinical>{appointment}</Appointment></NonClinical>")


def test_an_appointment_can_be_updated(client: RawClient) -> None:
    uid = update(client, first_slot(client)).text("AppointmentUID")
    answer = changed(client, uid, "<Comments>moved chairs</Comments>{}<Status>Arrived</Status>")
    assert answer.refusal == ("", "")
    assert answer.texts("AppointmentUID") == []
    diary = client.call("GetDiary", "<Appointments/>")
    (found,) = [
        a for a in diary.findall("Result/Appointment") if a.findtext("AppointmentUID") == uid
    ]
    assert found.findtext("Status") == "Arrived"
    assert found.findtext("Comments") == "moved chairs"
    assert found.findtext("Clinic/UserName") == "zwisniewska"
    assert found.findtext("Clinic/Slot/Duration") == "30"


def test_a_cancelled_appointment_frees_its_slot(client: RawClient) -> None:
    before = slots(client)
    uid = update(client, first_slot(client)).text("AppointmentUID")
    changed(client, uid, "{}<Status>Cancelled by Patient</Status>")
    assert slots(client) == before


def test_an_unknown_appointment_cannot_be_updated(client: RawClient) -> None:
    assert changed(client, "0" * 16, "{}<Status>Arrived</Status>").permanence == "true"


def test_the_diary_can_be_filtered(client: RawClient) -> None:
    both = client.call("GetDiary")
    assert both.findall("Result/Appointment")
    assert both.findall("Result/Visit")
    assert both.findall("Result/Demographics/Surname")
    assert not client.call("GetDiary", "<Visits/>").findall("Result/Appointment")
    assert not client.call("GetDiary", "<Appointments/>").findall("Result/Visit")
    elsewhere = client.call("GetDiary", "<SiteName>Nowhere</SiteName>")
    assert not elsewhere.findall("Result/Appointment")
    assert elsewhere.findall("Result/Visit")
    assert not client.call("GetDiary", "<UserName>nobody</UserName>").findall("Result")


@pytest.mark.parametrize("function", ["DeleteFromPatientRecord", "DeletePatientRecord"])
def test_what_was_added_can_be_deleted(client: RawClient, function: str) -> None:
    before = etree.tostring(client.simulator.committed(NUMBER))
    free = slots(client)
    work = (
        "<Task><TaskType>Admin Task</TaskType></Task>"
        "<Visit><DateTime>2030-01-02T10:00:00</DateTime><Duration>20</Duration></Visit>"
    )
    added = [
        update(client, note("x") + f"<NonClinical>{work}</NonClinical>"),
        update(client, first_slot(client)),
    ]
    named = "".join(
        f"<{tag}>{uid}</{tag}>"
        for tag in ("EventUID", "AppointmentUID", "TaskUID", "VisitUID")
        for answer in added
        for uid in answer.texts(tag)
    )
    answer = delete(client, REASON + named, function=function)
    assert answer.root.findtext("Function") == function
    assert answer.text("Identity/NHSNumber") == NUMBER
    assert answer.text("RecordState") == "Closed"
    assert etree.tostring(client.simulator.committed(NUMBER)) == before
    assert slots(client) == free


def test_a_deletion_needs_a_reason(client: RawClient) -> None:
    uid = update(client, note("x")).text("EventUID")
    for reason in ("", "<Reason/>", "<Reason> </Reason>"):
        assert delete(client, f"{reason}<EventUID>{uid}</EventUID>").permanence == "true"
    assert "x" in client.simulator.committed_lines(NUMBER)


def test_a_deletion_names_something(client: RawClient) -> None:
    assert delete(client, REASON).permanence == "true"


def test_only_the_device_that_added_it_can_delete_it(client: RawClient) -> None:
    uid = update(client, note("x")).text("EventUID")
    other = client.simulator.register_device("another key")
    named = f"{REASON}<EventUID>{uid}</EventUID>"
    assert delete(client, named, device=other).permanence == "true"
    assert delete(client, named).refusal == ("", "")


def test_what_staff_recorded_cannot_be_deleted(client: RawClient) -> None:
    (first, *_) = client.simulator.committed(NUMBER).findall("Clinical/Event")
    named = f"{REASON}<EventUID>{first.attrib['EventUID']}</EventUID>"
    assert delete(client, named).permanence == "true"


def test_one_that_cannot_be_deleted_keeps_all(client: RawClient) -> None:
    uids = [update(client, note(line)).text("EventUID") for line in "ab"]
    named = "".join(f"<EventUID>{uid}</EventUID>" for uid in (*uids, "0" * 16))
    assert delete(client, REASON + named).permanence == "true"
    assert client.simulator.committed_lines(NUMBER)[-2:] == ["a", "b"]


def test_a_deletion_waits_for_a_user(client: RawClient) -> None:
    uid = update(client, note("x")).text("EventUID")
    client.simulator.open_record(NUMBER)
    named = f"{REASON}<EventUID>{uid}</EventUID>"
    assert delete(client, named).permanence == "false"
    assert delete(client, named + OPEN).text("RecordState") == "Open"
    assert "x" in client.simulator.committed_lines(NUMBER)
    client.simulator.save_record()
    assert "x" not in client.simulator.committed_lines(NUMBER)


def test_a_deleted_letter_takes_its_document_along(client: RawClient, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a")
    attachment = f"<Attachment><DocumentPath>{path}</DocumentPath></Attachment>"
    uid = update(client, event(attachment)).text("EventUID")
    documents = len(client.simulator.committed(NUMBER).findall("Documents/Document"))
    delete(client, f"{REASON}<EventUID>{uid}</EventUID>")
    assert len(client.simulator.committed(NUMBER).findall("Documents/Document")) == documents - 1
