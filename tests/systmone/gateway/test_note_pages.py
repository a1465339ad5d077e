"""A nurse pushes a note, sees it arrive, takes it back, and decides what nobody could find out."""

import pytest
from django.test import Client

from audit.models import AuditEvent
from systmone.case_notes import call_of, push
from systmone.models import Call, Gateway, State
from systmone.simulator import Simulator
from systmone.writing import withdraw
from tests.factories import WardFactory, member_of
from tests.systmone.gateway.conftest import (
    NHS_NUMBER,
    WriteNote,
    befalls,
    spoken,
    times_in_record,
)
from wards import case_notes
from wards.actors import person
from wards.models import CaseNote, Patient, Stay, User

BOTH = {"identifiers": ["QUILL, Beatrice, born 01 Jan 1980", "NHS number 943 476 5919"]}


@pytest.fixture
def note(write: WriteNote, gateway: Gateway) -> CaseNote:
    return write("Slept well.\nAte breakfast.")


@pytest.fixture
def page(client: Client, sarah: User) -> Client:
    client.force_login(sarah)
    return client


def text_of(page: Client, address: str) -> str:
    answer = page.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_note_is_previewed_confirmed_pushed_and_seen_to_arrive(
    page: Client, note: CaseNote, gateway: Gateway, simulator: Simulator
) -> None:
    assert "Not sent to SystmOne yet." in text_of(page, f"/notes/{note.pk}/")
    preview = text_of(page, f"/notes/{note.pk}/systmone/")
    assert "Slept well.\nAte breakfast.\nWritten by Sarah Johnson on Byron" in preview
    page.post(f"/notes/{note.pk}/systmone/", BOTH)
    assert "begins in a moment" in text_of(page, f"/notes/{note.pk}/")
    call = call_of(note)
    assert call is not None
    spoken(gateway, call)
    panel = text_of(page, f"/notes/{note.pk}/systmone/state/")
    assert "Sent to SystmOne at" in panel
    assert "hx-get" not in panel
    assert times_in_record(simulator, call.reference) == 1


@pytest.mark.parametrize(
    "ticked",
    [{}, {"identifiers": BOTH["identifiers"][:1]}, {"identifiers": BOTH["identifiers"][:1] * 2}],
)
def test_without_two_identifiers_nothing_is_pushed(
    page: Client, note: CaseNote, ticked: dict[str, list[str]]
) -> None:
    answer = page.post(f"/notes/{note.pk}/systmone/", ticked)
    assert answer.status_code == 422
    assert "Tick both once you have compared them." in answer.content.decode()
    assert not Call.objects.exists()


def test_pushed_twice_it_is_one_call(page: Client, note: CaseNote) -> None:
    for _ in range(2):
        page.post(f"/notes/{note.pk}/systmone/", BOTH)
    assert Call.objects.count() == 1


def test_a_patient_without_a_number_cannot_be_pushed_and_it_says_what_to_do(
    page: Client, note: CaseNote
) -> None:
    Patient.objects.update(nhs_number="")
    as_shown = [BOTH["identifiers"][0], "NHS number not yet known"]
    answer = page.post(f"/notes/{note.pk}/systmone/", {"identifiers": as_shown})
    assert answer.status_code == 422
    assert "The patient has no NHS number yet" in answer.content.decode()


def test_a_gateway_for_test_patients_takes_no_other(page: Client, note: CaseNote) -> None:
    Gateway.objects.update(test_patients_only=True)
    answer = page.post(f"/notes/{note.pk}/systmone/", BOTH)
    assert "for test patients only" in answer.content.decode()
    assert not Call.objects.exists()


@pytest.mark.parametrize("text", ["Smiled 🙂", "x" * 10_000, "<b>&amp;</b>", "a\n\n\nb"])
def test_any_text_arrives(
    page: Client, write: WriteNote, gateway: Gateway, simulator: Simulator, text: str
) -> None:
    note = write(text)
    page.post(f"/notes/{note.pk}/systmone/", BOTH)
    call = call_of(note)
    assert call is not None
    assert spoken(gateway, call).state == State.SUCCEEDED
    assert "".join(text.split()) in "".join("".join(simulator.committed_lines(NHS_NUMBER)).split())


def test_text_that_xml_cannot_hold_is_refused_with_what_to_do(
    page: Client, write: WriteNote, gateway: Gateway
) -> None:
    note = write("Bell \x07 here")
    answer = page.post(f"/notes/{note.pk}/systmone/", BOTH)
    assert "SystmOne cannot take a character of this note" in answer.content.decode()
    assert call_of(note) is None


def test_a_sent_note_is_deleted_with_a_reason(
    page: Client, note: CaseNote, gateway: Gateway, simulator: Simulator, sarah: User
) -> None:
    call = spoken(gateway, push(note=note, by=person(sarah)))
    address = f"/notes/{note.pk}/systmone/delete/"
    assert page.post(address, {"reason": " "}).status_code == 422
    page.post(address, {"reason": "Wrong patient"})
    deletion = call.withdrawn_by.get()
    spoken(gateway, deletion)
    assert "Deleted from SystmOne at" in text_of(page, f"/notes/{note.pk}/")
    assert times_in_record(simulator, call.reference) == 0


def test_what_nobody_could_find_out_a_person_decides_once(
    page: Client, note: CaseNote, gateway: Gateway, sarah: User
) -> None:
    call = push(note=note, by=person(sarah))
    moment = call.created_at
    attempt = call.attempts.create(
        gateway=gateway, fence=1, started_at=moment, ended_at=moment, outcome="unclear"
    )
    Call.objects.update(state=State.UNKNOWN, problem="Nobody knows.")
    shown = text_of(page, f"/notes/{note.pk}/")
    assert "Check SystmOne: Nobody knows." in shown
    assert call.reference in shown
    seen = {"call": call.pk, "attempt": attempt.pk}
    for decision in ("it_is_there", "send_again"):
        page.post(f"/notes/{note.pk}/systmone/decide/", {**seen, "decision": decision})
    call.refresh_from_db()
    assert (call.state, call.decided_by) == (State.SUCCEEDED, sarah)
    assert "this has been settled meanwhile" in text_of(page, f"/notes/{note.pk}/")


def test_a_note_that_waits_is_taken_back_and_never_sent(
    page: Client, note: CaseNote, gateway: Gateway, simulator: Simulator, sarah: User
) -> None:
    call = push(note=note, by=person(sarah))
    assert "Do not send it" in text_of(page, f"/notes/{note.pk}/")
    page.post(f"/notes/{note.pk}/systmone/cancel/", {"call": call.pk})
    assert spoken(gateway, call).state == State.CANCELLED
    assert not simulator.journal.entries
    assert "Not sent to SystmOne yet." in text_of(page, f"/notes/{note.pk}/")


def test_it_is_too_late_to_take_back_what_is_being_sent(
    page: Client, note: CaseNote, gateway: Gateway, sarah: User
) -> None:
    call = push(note=note, by=person(sarah))
    Call.objects.update(state=State.SENDING)
    page.post(f"/notes/{note.pk}/systmone/cancel/", {"call": call.pk})
    call.refresh_from_db()
    assert call.state == State.SENDING
    assert "It was too late" in text_of(page, f"/notes/{note.pk}/")


def test_a_failed_note_is_left_unsent(
    page: Client, note: CaseNote, gateway: Gateway, simulator: Simulator, sarah: User
) -> None:
    befalls(simulator, "permanent-error,function=UpdatePatientRecord,count=1")
    call = spoken(gateway, push(note=note, by=person(sarah)))
    assert "Leave it unsent" in text_of(page, f"/notes/{note.pk}/")
    page.post(f"/notes/{note.pk}/systmone/cancel/", {"call": call.pk})
    assert call_of(note) is None


def test_a_deletion_that_waits_is_taken_back_and_the_note_stays(
    page: Client, note: CaseNote, gateway: Gateway, simulator: Simulator, sarah: User
) -> None:
    call = spoken(gateway, push(note=note, by=person(sarah)))
    deletion = withdraw(call=call, reason="Wrong", by=person(sarah))
    assert "Do not delete it" in text_of(page, f"/notes/{note.pk}/")
    page.post(f"/notes/{note.pk}/systmone/cancel/", {"call": deletion.pk})
    assert spoken(gateway, deletion).state == State.CANCELLED
    assert times_in_record(simulator, call.reference) == 1


def test_details_that_changed_since_they_were_confirmed_are_confirmed_anew(
    page: Client, note: CaseNote
) -> None:
    Patient.objects.update(nhs_number="9434765870")
    answer = page.post(f"/notes/{note.pk}/systmone/", BOTH)
    assert "have changed meanwhile: compare them again" in answer.content.decode()
    assert not Call.objects.exists()


def test_a_failed_note_shows_systmones_words_and_is_pushed_again(
    page: Client, note: CaseNote, gateway: Gateway, simulator: Simulator, sarah: User
) -> None:
    befalls(simulator, "permanent-error,function=UpdatePatientRecord,count=1")
    spoken(gateway, push(note=note, by=person(sarah)))
    shown = text_of(page, f"/notes/{note.pk}/")
    assert "SystmOne says" in shown
    assert "It was not written." in shown
    assert "Push to SystmOne" in shown


def test_a_stopped_gateway_is_told_on_the_note(page: Client, note: CaseNote, sarah: User) -> None:
    push(note=note, by=person(sarah))
    Gateway.objects.update(is_on=False)
    shown = text_of(page, f"/notes/{note.pk}/")
    assert "nothing goes to SystmOne now. It waits, and is not lost." in shown


def test_a_ward_without_a_gateway_is_offered_nothing(page: Client, stay: Stay, sarah: User) -> None:
    note = case_notes.write(stay=stay, text="Slept well.", by=person(sarah))
    assert "SystmOne" not in text_of(page, f"/notes/{note.pk}/")


def test_each_look_at_the_preview_is_written_down(page: Client, note: CaseNote) -> None:
    seen = AuditEvent.objects.filter(action="patient.view")
    before = seen.count()
    text_of(page, f"/notes/{note.pk}/systmone/")
    text_of(page, f"/notes/{note.pk}/systmone/state/")
    assert seen.count() == before + 1


def test_people_of_other_wards_see_nothing(client: Client, note: CaseNote) -> None:
    client.force_login(member_of(WardFactory.create()))
    for path in ("", "state/", "delete/"):
        assert client.get(f"/notes/{note.pk}/systmone/{path}").status_code == 404
