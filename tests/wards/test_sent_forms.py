"""Forms that are sent twice, by a double click or a reload, do their work once."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client

from tasks.models import Priority, Task, TaskTemplate
from tests.factories import PatientFactory, WardFactory, beds_on, member_of
from tests.threads import at_once
from wards import admissions, case_notes
from wards.actors import person
from wards.jobs import forget_sent_forms
from wards.models import CaseNote, Discharge, Patient, SentForm, Stay, User, Ward
from wards.sent_forms import once

pytestmark = pytest.mark.django_db

TEN = datetime(2026, 1, 27, 10, 0, tzinfo=UTC)


@pytest.fixture
def beatrice(byron: Ward, sarah: User) -> Stay:
    return admissions.admit(patient=PatientFactory.create(), ward=byron, by=person(sarah))


def shown(page: Client, path: str, **typed: object) -> dict[str, object]:
    """Return what the browser sends: what the page carries, and what was typed."""
    (own,) = re.findall(r'name="once" value="([^"]+)"', page.get(path).content.decode())
    return {"once": own, **typed}


def sent_twice(page: Client, path: str, data: dict[str, object]) -> str:
    """Send the same form twice; return the page to which both times lead."""
    first, second = (page.post(path, data) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    return str(first["Location"])


class TestACaseNote:
    def path(self, stay: Stay) -> str:
        return f"/patients/{stay.patient_id}/notes/write/"

    def test_is_written_once(self, page: Client, beatrice: Stay) -> None:
        path = self.path(beatrice)
        address = sent_twice(page, path, shown(page, path, text="Slept well."))

        assert address == f"/notes/{CaseNote.objects.get().pk}/"
        assert "The case note is saved." in page.get(address).content.decode()

    def test_with_other_words_is_another_one(self, page: Client, beatrice: Stay) -> None:
        """Who goes back in the browser and writes on must not lose a word."""
        path = self.path(beatrice)
        form = shown(page, path, text="Slept well.")
        page.post(path, form)
        page.post(path, {**form, "text": "Ate breakfast."})

        assert CaseNote.objects.count() == 2

    def test_of_the_same_words_from_a_new_page_is_another_one(
        self, page: Client, beatrice: Stay
    ) -> None:
        path = self.path(beatrice)
        for _ in range(2):
            page.post(path, shown(page, path, text="Slept well."))

        assert CaseNote.objects.count() == 2

    def test_is_amended_once(self, page: Client, beatrice: Stay, sarah: User) -> None:
        note = case_notes.write(stay=beatrice, text="Slept well.", by=person(sarah))
        path = f"/notes/{note.pk}/amend/"
        address = sent_twice(page, path, shown(page, path, text="Slept badly."))

        assert "The amendment is saved" in page.get(address).content.decode()
        assert CaseNote.objects.count() == 2

    def test_refused_at_first_is_written_when_it_can_be(self, page: Client, beatrice: Stay) -> None:
        path = self.path(beatrice)
        form = shown(page, path, text="Slept well.")
        Stay.objects.update(status="discharged", discharged_at=TEN)
        assert page.post(path, form).status_code == 422
        Stay.objects.update(status="active", discharged_at=None)

        assert page.post(path, form).status_code == 302


@pytest.mark.parametrize("form", ["admit/", "admit/in-full/"])
@pytest.mark.parametrize("has_bed", ["yes", ""])
def test_an_admission_is_one(page: Client, byron: Ward, form: str, has_bed: str) -> None:
    path = f"/wards/byron/{form}"
    (bed,) = beds_on(byron, 1)
    born = {"date_of_birth_0": 29, "date_of_birth_1": 2, "date_of_birth_2": 1988}
    who = {"first_name": "Beatrice", "surname": "Quill", "sex": "F", "legal_status": "informal"}
    typed = {**who, **born, "bed": bed.pk if has_bed else ""}
    sent_twice(page, path, shown(page, path, **typed))

    assert (Patient.objects.count(), Stay.objects.count()) == (1, 1)


def test_an_admission_of_somebody_again_is_one(page: Client, beatrice: Stay) -> None:
    Stay.objects.update(status="discharged", discharged_at=TEN)
    path = f"/wards/byron/admit/?patient={beatrice.patient_id}"
    born = {"date_of_birth_0": 1, "date_of_birth_1": 1, "date_of_birth_2": 1980}
    who = {"first_name": "Beatrice", "surname": "Quill", "sex": "U", "legal_status": "informal"}
    address = sent_twice(page, path, shown(page, path, **who, **born))

    assert "out of date" not in page.get(address).content.decode()
    assert Stay.objects.count() == 2


def test_a_discharge_is_started_once(page: Client, beatrice: Stay) -> None:
    """The version of the stay alone sees to that."""
    path = f"/patients/{beatrice.patient_id}/discharge/start/"
    sent_twice(page, path, {"version": beatrice.version})

    assert Discharge.objects.count() == 1


@time_machine.travel(TEN, tick=False)
@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (
            "patient-task",
            {"category": "phone_call", "priority": Priority.ROUTINE.value, "carry_over": "True"},
        ),
        ("appointment", {"time": "14:30"}),
        ("ward-task", {"shift": "late", "priority": Priority.ROUTINE.value}),
    ],
)
def test_work_is_added_once(
    page: Client, beatrice: Stay, kind: str, typed: dict[str, object]
) -> None:
    path = f"/wards/byron/diary/2026-01-27/add/{kind}/"
    day = {"title": "Phone the family", "due_on": "2026-01-27", "patient": beatrice.patient_id}
    sent_twice(page, path, shown(page, path, **day, **typed))

    assert Task.objects.get().due_on == date(2026, 1, 27)


@time_machine.travel(TEN, tick=False)
def test_work_that_repeats_is_proposed_once(page: Client, byron: Ward) -> None:
    path = "/wards/byron/diary/2026-01-27/add/ward-task/"
    what = {"title": "Count the keys", "due_on": "2026-01-27", "repeats": "repeats"}
    when = {"weekdays": [1, 2], "shift": "late", "carry_over": "False"}
    sent_twice(page, path, shown(page, path, **what, **when, priority=Priority.ROUTINE.value))

    assert TaskTemplate.objects.count() == 1


def test_forms_are_forgotten_after_some_days(page: Client, beatrice: Stay) -> None:
    path = f"/patients/{beatrice.patient_id}/notes/write/"
    page.post(path, shown(page, path, text="Slept well."))
    SentForm.objects.update(sent_at=datetime.now(UTC) - timedelta(days=4))
    page.post(path, shown(page, path, text="Slept well."))

    forget_sent_forms()

    assert SentForm.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_that_come_at_one_moment_one_does_the_work() -> None:
    ward = WardFactory.create()
    by = person(member_of(ward))
    stay = admissions.admit(patient=PatientFactory.create(), ward=ward, by=by)
    write = partial(case_notes.write, stay=stay, text="Slept well.", by=by)
    form = QueryDict("once=5f1c&text=Slept well.")

    notes = at_once(*[partial(once, form, write, CaseNote)] * 4)

    assert [type(note).__name__ for note in notes] == ["CaseNote"] * 4
    assert CaseNote.objects.count() == 1
