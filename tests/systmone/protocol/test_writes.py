"""Everything that may be written to a record, written by the client and read back from SystmOne."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from systmone.protocol.client import Client
from systmone.protocol.errors import RefusedPermanently, RefusedTemporarily
from systmone.protocol.functions import (
    DeleteFromPatientRecord,
    GetAppointmentSlots,
    GetDocument,
    GetPatientRecord,
    UpdatePatientRecord,
)
from systmone.protocol.functions.get_patient_record import PatientRecord
from systmone.protocol.functions.update_patient_record import RecordUpdate
from systmone.protocol.identity import Identity
from systmone.protocol.record.bookings import Appointment, Clinic, Task, Visit
from systmone.protocol.record.codes import Code
from systmone.protocol.record.events import (
    Attachment,
    ClinicalCode,
    Event,
    Letter,
    Narrative,
    Reminder,
)
from systmone.protocol.record.people import Demographics
from systmone.simulator.simulator import Simulator
from tests.systmone.protocol.conftest import ClientMaker

PATIENT = Identity(nhs_number="9434765919")
YESTERDAY = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


@pytest.fixture
def client(make_client: ClientMaker) -> Client:
    return make_client(timeout=5)


def update(client: Client, **parts: object) -> RecordUpdate:
    return client.call(UpdatePatientRecord(identity=PATIENT, **parts)).response  # type: ignore[arg-type]


def record(client: Client) -> PatientRecord:
    return client.call(GetPatientRecord(identity=PATIENT)).response


def written(client: Client, event: Event) -> Event:
    """The event as the record has it after `event` was written."""
    (uid,) = update(client, events=(event,)).event_uids
    (found,) = [one for one in record(client).events if one.event_uid == uid]
    return found


PARTS: list[tuple[Event, Callable[[Event], object], object]] = [
    (
        Event(narratives=(Narrative.from_text("Slept well.\nAte <all> & é."),)),
        lambda event: event.narratives[0].text,
        "Slept well.\nAte <all> & é.",
    ),
    (
        Event(clinical_codes=(ClinicalCode(code=Code(scheme="CTV3", code="X505K")),)),
        lambda event: event.clinical_codes[0].code.code if event.clinical_codes[0].code else "",
        "X505K",
    ),
    (
        Event(
            clinical_codes=(
                ClinicalCode(code=Code(scheme="CTV3", code="22A.."), value=Decimal("81.4")),
            )
        ),
        lambda event: event.clinical_codes[0].value,
        Decimal("81.4"),
    ),
    (
        Event(
            reminders=(
                Reminder(
                    free_text="Ask for the ECG", severity="High", expiry_date=date(2030, 1, 2)
                ),
            )
        ),
        lambda event: (event.reminders[0].severity, event.reminders[0].expiry_date),
        ("High", date(2030, 1, 2)),
    ),
    (
        Event(attachments=(Attachment(url="https://www.nhs.uk", comments="leaflet"),)),
        lambda event: event.attachments[0].comments,
        "leaflet",
    ),
    (
        Event(
            date_time=YESTERDAY,
            method="Telephone",
            done_by="Somebody else",
            narratives=(Narrative.from_text("Rang."),),
        ),
        lambda event: (event.date_time, event.method, event.done_by),
        (YESTERDAY, "Telephone", "Somebody else"),
    ),
]


@pytest.mark.parametrize(("event", "read", "expected"), PARTS)
def test_a_part_of_an_event_is_read_back_as_it_was_written(
    client: Client, event: Event, read: Callable[[Event], object], expected: object
) -> None:
    assert read(written(client, event)) == expected


@pytest.mark.parametrize("kind", ["letter", "attachment"])
def test_a_file_is_given_back_as_it_was_attached(client: Client, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "note.txt"
    file.write_bytes(b"as it was")
    letter = Letter(
        recipient_organisation="Elm Road Surgery",
        document_path=str(file),
        type="Miscellaneous",
        direction="Outgoing",
        date_sent_received=YESTERDAY,
    )
    attachment = Attachment(document_path=str(file))
    event = Event(letters=(letter,)) if kind == "letter" else Event(attachments=(attachment,))

    kept = written(client, event)
    uid = (kept.letters[0] if kind == "letter" else kept.attachments[0]).document_uid
    (out := tmp_path / "out").mkdir()
    document = client.call(
        GetDocument(identity=PATIENT, document_uid=uid, write_to=str(out))
    ).response

    assert [Path(path).read_bytes() for path in document.files] == [b"as it was"]


def test_an_appointment_is_booked_into_a_free_slot_and_updated(client: Client) -> None:
    clinic = client.call(GetAppointmentSlots()).response.clinics[0]
    booked = Appointment(clinic=_with_one_slot(clinic), comments="first visit")

    (uid,) = update(client, appointments=(booked,)).appointment_uids
    with pytest.raises(RefusedPermanently):
        update(client, appointments=(booked,))
    update(client, appointments=(Appointment(appointment_uid=uid, status="Arrived"),))

    (found,) = [one for one in record(client).appointments if one.appointment_uid == uid]
    assert (found.starts, found.held_by) == (clinic.slots[0].date_time_start, clinic.user_name)
    assert found.status == "Arrived"


def test_a_visit_and_a_task_are_added(client: Client, simulator: Simulator) -> None:
    visit = Visit(date_time=YESTERDAY + timedelta(days=3), duration=Decimal(45), comments="at home")
    known = record(client).tasks
    kind = known[0].task_type if known else _a_task_type(simulator)
    task = Task(task_type=kind, content="Chase the bloods")

    done = update(client, visits=(visit,), tasks=(task,))

    read = record(client)
    (found,) = [one for one in read.visits if one.visit_uid == done.visit_uids[0]]
    assert (found.duration, found.comments) == (Decimal(45), "at home")
    (made,) = [one for one in read.tasks if one.task_uid == done.task_uids[0]]
    assert made.status == "Not Started"
    assert (made.content or "").endswith("\nChase the bloods")


def test_only_the_given_demographics_change(client: Client) -> None:
    before = record(client).demographics
    update(client, demographics=Demographics(mobile_telephone="07700900123"))
    after = record(client).demographics

    assert before is not None
    assert after is not None
    assert after.mobile_telephone == "07700900123"
    assert (after.surname, after.date_of_birth) == (before.surname, before.date_of_birth)


def test_new_data_is_linked_to_a_problem(client: Client) -> None:
    problem = written(
        client,
        Event(
            clinical_codes=(
                ClinicalCode(code=Code(scheme="CTV3", code="X505K"), problem_severity="Minor"),
            )
        ),
    )
    uid = problem.clinical_codes[0].problem_uid or ""

    linked = written(
        client,
        Event(
            narratives=(Narrative(lines=("About the skin.",), linked_problem_uids=(uid,)),),
            linked_problem_uids=(uid,),
        ),
    )

    assert linked.linked_problem_uids == (uid,)
    assert linked.narratives[0].linked_problem_uids == (uid,)


def test_a_link_to_nothing_is_refused_and_nothing_is_written(
    client: Client, simulator: Simulator
) -> None:
    event = Event(
        linked_referral_uid="ffffffffffffffff", narratives=(Narrative.from_text("linked"),)
    )

    with pytest.raises(RefusedPermanently):
        update(client, events=(event,))

    assert "linked" not in simulator.committed_lines("9434765919")


def test_what_was_added_is_deleted_again_with_a_reason(
    client: Client, simulator: Simulator
) -> None:
    event = Event(narratives=(Narrative.from_text("wrong patient"),))
    uids = update(client, events=(event,)).event_uids

    client.call(DeleteFromPatientRecord(identity=PATIENT, reason="Wrong patient", event_uids=uids))

    assert "wrong patient" not in simulator.committed_lines("9434765919")
    with pytest.raises(RefusedPermanently):
        client.call(DeleteFromPatientRecord(identity=PATIENT, reason="again", event_uids=uids))


def test_a_record_that_is_open_at_the_client_is_not_written_to(
    client: Client, simulator: Simulator
) -> None:
    simulator.open_record("9434765919")

    with pytest.raises(RefusedTemporarily):
        update(client, events=(PARTS[0][0],))

    assert record(client).record_state == "Open"


def test_what_is_written_to_an_open_record_waits_for_the_user(
    client: Client, simulator: Simulator
) -> None:
    event = Event(narratives=(Narrative.from_text("waits"),))

    done = update(client, events=(event,), leave_record_open=True)

    assert done.record_state == "Open"
    assert "waits" not in simulator.committed_lines("9434765919")
    simulator.save_record()
    assert "waits" in simulator.committed_lines("9434765919")


def _with_one_slot(clinic: Clinic) -> Clinic:
    return Clinic(
        user_name=clinic.user_name,
        site_name=clinic.site_name,
        clinic_type=clinic.clinic_type,
        slots=clinic.slots[:1],
    )


def _a_task_type(simulator: Simulator) -> str:
    return simulator.desk.unit.root.findtext("TaskTypes/TaskType") or ""
