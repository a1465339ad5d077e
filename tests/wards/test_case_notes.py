"""Case notes: written once, amended beside the original, never deleted."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db.models import ProtectedError

from audit.models import AuditEvent
from tests.factories import PatientFactory, WardFactory, beds_on, member_of
from tests.threads import at_once
from wards import admissions, case_notes
from wards.actors import Actor, Source, person
from wards.case_notes import AlreadyAmended
from wards.models import CaseNote, NoteTemplate, Stay, Ward

NOON = datetime(2026, 7, 1, 11, 0, tzinfo=UTC)  # 12:00 in summer


@pytest.fixture
def byron(db: None) -> Ward:
    return WardFactory.create(name="Byron")


@pytest.fixture
def sarah(byron: Ward) -> Actor:
    return person(member_of(byron, name="Sarah Johnson"))


@pytest.fixture
def stay(byron: Ward, sarah: Actor) -> Stay:
    (bed,) = beds_on(byron, 1)
    patient = PatientFactory.create(preferred_name="Bea")
    return admissions.admit(patient=patient, ward=byron, bed=bed, by=sarah)


def test_a_note_has_author_and_time_and_is_in_the_audit_log(stay: Stay, sarah: Actor) -> None:
    note = case_notes.write(stay=stay, text="Slept well.", by=sarah, at=NOON)

    assert (note.author_name, note.written_at, note.ward) == ("Sarah Johnson", NOON, stay.ward)
    logged = AuditEvent.objects.latest("sequence")
    assert (logged.action, logged.object_id, logged.detail) == (
        "case_note.write",
        str(stay.patient_id),
        {"note": note.pk},
    )
    assert "Slept" not in str(logged.detail)


def test_an_amendment_keeps_the_original(stay: Stay, sarah: Actor) -> None:
    original = case_notes.write(stay=stay, text="Slept for 6 hours.", by=sarah)

    amended = case_notes.amend(note=original, text="Slept for 5 hours.", by=sarah)

    original.refresh_from_db()
    assert original.text == "Slept for 6 hours."
    assert case_notes.latest(original) == amended
    assert list(CaseNote.objects.latest_words()) == [amended]


def test_a_note_is_amended_once_and_then_its_amendment_is(stay: Stay, sarah: Actor) -> None:
    original = case_notes.write(stay=stay, text="One.", by=sarah)
    amended = case_notes.amend(note=original, text="Two.", by=sarah)

    with pytest.raises(AlreadyAmended) as raised:
        case_notes.amend(note=original, text="Three.", by=sarah)

    assert raised.value.latest == amended
    assert case_notes.amend(note=amended, text="Three.", by=sarah).amends == amended


def test_a_machine_writes_no_notes(stay: Stay) -> None:
    with pytest.raises(ValueError, match="person"):
        case_notes.write(stay=stay, text="Beep.", by=Actor("A job", Source.JOB))


def test_patients_and_authors_with_notes_are_not_deleted(stay: Stay, sarah: Actor) -> None:
    note = case_notes.write(stay=stay, text="Slept well.", by=sarah)

    for row in (note.patient, note.author, note.ward):
        with pytest.raises(ProtectedError):
            row.delete()


@pytest.mark.parametrize(
    ("text", "filled_in"),
    [
        ("$patient on $ward", "Bea on Byron"),
        ("$date, $time: by $author", "1 July 2026, 12:00: by Sarah Johnson"),
        ("cost $5, $unknown, $$", "cost $5, $unknown, $"),
    ],
)
def test_a_template_is_filled_in_with_what_is_known(
    stay: Stay, sarah: Actor, text: str, filled_in: str
) -> None:
    template = NoteTemplate(name="One to one", text=text)

    assert case_notes.beginning(template, stay, sarah, NOON) == filled_in


@pytest.mark.django_db(transaction=True)
def test_of_four_who_amend_at_once_one_does() -> None:
    ward = WardFactory.create()
    by = person(member_of(ward))
    stay = admissions.admit(patient=PatientFactory.create(), ward=ward, by=by)
    note = case_notes.write(stay=stay, text="Original.", by=by)

    results = at_once(
        *[partial(case_notes.amend, note=note, text=f"Better {n}.", by=by) for n in range(4)]
    )

    names = sorted(type(result).__name__ for result in results)
    assert names == [*["AlreadyAmended"] * 3, "CaseNote"]


@pytest.mark.parametrize("began", [NOON - timedelta(days=30), NOON + timedelta(days=30)])
def test_a_note_is_amended_in_the_open_stay_whatever_day_it_was_given(
    stay: Stay, sarah: Actor, began: datetime
) -> None:
    note = case_notes.write(stay=stay, text="One.", by=sarah)
    Stay.objects.update(status="discharged", admitted_at=NOON, discharged_at=NOON)
    admissions.admit(patient=note.patient, ward=stay.ward, by=sarah, admitted_at=began)

    assert case_notes.amend(note=note, text="Two.", by=sarah).amends == note
