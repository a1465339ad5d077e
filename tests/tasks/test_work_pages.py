"""Adding and changing work by hand, and the page of all work for a patient."""

import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from audit.models import AuditEvent
from tasks import actions
from tasks.creation import edit
from tasks.models import Kind, Task
from tests.factories import (
    TODAY,
    GuideFactory,
    TaskFactory,
    TemplateFactory,
    WardFactory,
    beds_on,
    member_of,
)
from tests.tasks.diary import HTMX, TEN, act, text_of
from tests.tasks.patients import patient_on, phone_call, tribunal
from wards import moves
from wards.actors import person
from wards.models import Patient, Role, Stay, User, Ward

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_in_the_morning")]

KINDS = {Kind.WARD: "ward-task", Kind.PATIENT: "patient-task", Kind.APPOINTMENT: "appointment"}
DIARY = "/wards/byron/diary/"
OF_PATIENTS = [Kind.PATIENT, Kind.APPOINTMENT]


@pytest.fixture
def beatrice(byron: Ward) -> Patient:
    return patient_on(byron, surname="Quill", first_name="Beatrice")


def address(kind: Kind, day: str = "2026-01-27") -> str:
    return f"/wards/byron/diary/{day}/add/{KINDS[kind]}/"


def filled_in(kind: Kind, whom: Patient, **changes: Any) -> dict[str, Any]:
    """Return what a person sends who has filled in the form well, but for `changes`."""
    common = {"title": "Phone his sister", "due_on": "2026-01-28", "instructions": "After 14:00"}
    own: dict[Kind, dict[str, Any]] = {
        Kind.WARD: {"shift": "late", "priority": 2},
        Kind.PATIENT: {
            "patient": whom.pk,
            "category": "phone_call",
            "priority": 3,
            "carry_over": "True",
        },
        Kind.APPOINTMENT: {"patient": whom.pk, "time": "14:30", "place": "Room 2"},
    }
    return {**common, **own[kind], **changes}


class TestAdding:
    @pytest.mark.parametrize("kind", Kind)
    def test_stores_what_was_said_and_leads_to_the_day_with_the_card_in_view(
        self, page: Client, byron: Ward, beatrice: Patient, sarah: User, kind: Kind
    ) -> None:
        response = page.post(address(kind), filled_in(kind, beatrice))
        task = Task.objects.get()
        public_id = task.public_id
        assert response["Location"] == (
            f"/wards/byron/diary/2026-01-28/?show={public_id}#{public_id}"
        )
        assert "Phone his sister is in the diary." in text_of(page, response["Location"])
        assert (task.kind, task.ward, task.due_on) == (kind, byron, date(2026, 1, 28))
        assert (task.title, task.instructions) == ("Phone his sister", "After 14:00")
        assert task.events.get().by == sarah

    def test_keeps_the_fields_of_each_kind(self, page: Client, beatrice: Patient) -> None:
        guide = GuideFactory.create()
        for kind in Kind:
            page.post(address(kind), filled_in(kind, beatrice, guide=guide.pk))
        ward, patient, visit = (Task.objects.get(kind=kind) for kind in Kind)
        assert (ward.shift, ward.priority, ward.guide) == ("late", 2, guide)
        assert (patient.category, patient.priority, patient.carry_over) == ("phone_call", 3, True)
        assert (visit.time, visit.place, visit.guide) == (time(14, 30), "Room 2", guide)
        assert (patient.patient, visit.patient) == (beatrice, beatrice)

    def test_offers_the_patients_of_the_ward_by_name_room_and_bed(
        self, page: Client, byron: Ward, beatrice: Patient
    ) -> None:
        (bed,) = beds_on(byron, 1)
        ash = patient_on(byron, bed=bed, surname="Ash", first_name="Tom")
        patient_on(WardFactory.create(), surname="Elsewhere")
        text = text_of(page, f"{address(Kind.PATIENT)}?patient={beatrice.pk}")
        assert f'<option value="{ash.pk}">ASH, Tom, {bed.room}, bed {bed.name}</option>' in text
        assert f'<option value="{beatrice.pk}" selected>QUILL, Beatrice, No bed' in text
        assert text.index("ASH, Tom") < text.index("QUILL, Beatrice")
        assert "ELSEWHERE" not in text

    @pytest.mark.parametrize(
        ("kind", "changes", "problem"),
        [
            (Kind.WARD, {"title": " "}, "Say what it is."),
            (Kind.WARD, {"title": "x" * 121}, "at most 120 characters"),
            (Kind.WARD, {"due_on": ""}, "Choose a day."),
            (Kind.WARD, {"due_on": "2026-02-30"}, "Choose a day of the calendar."),
            (Kind.WARD, {"due_on": "2150-01-01"}, "less than or equal to"),
            (Kind.WARD, {"due_on": "2026-01-26"}, "This day is over"),
            (Kind.WARD, {"shift": ""}, "This field is required."),
            (Kind.PATIENT, {"patient": ""}, "Choose a patient."),
            (Kind.PATIENT, {"patient": "0"}, "not on the ward any more"),
            (Kind.PATIENT, {"patient": "Quill"}, "not on the ward any more"),
            (Kind.PATIENT, {"category": ""}, "Choose what kind of work it is."),
            (Kind.PATIENT, {"category": "magic"}, "Select a valid choice."),
            (Kind.PATIENT, {"carry_over": ""}, "This field is required."),
            (Kind.APPOINTMENT, {"time": ""}, "Give a time, or AM or PM: one of the two."),
            (Kind.APPOINTMENT, {"day_part": "am"}, "Give a time, or AM or PM: not both."),
            (Kind.APPOINTMENT, {"time": "soon"}, "Type a time such as 14:30."),
        ],
    )
    def test_that_is_not_filled_in_well_says_what_is_wrong_and_stores_nothing(
        self,
        page: Client,
        beatrice: Patient,
        kind: Kind,
        changes: dict[str, Any],
        problem: str,
    ) -> None:
        response = page.post(address(kind), filled_in(kind, beatrice, **changes))
        assert response.status_code == 422
        text = response.content.decode()
        assert text.count(problem) == 2  # in the summary and at the field
        assert "<title>Error: " in " ".join(text.split()).replace("<title> ", "<title>")
        assert not Task.objects.exists()

    @pytest.mark.parametrize("kind", OF_PATIENTS)
    def test_writes_down_whose_names_were_seen(
        self, page: Client, byron: Ward, beatrice: Patient, kind: Kind
    ) -> None:
        other = patient_on(byron, surname="Marsh")
        patient_on(WardFactory.create(), surname="Elsewhere")
        page.get(f"/wards/byron/diary/2026-01-27/add/{KINDS[kind]}/")

        event = AuditEvent.objects.latest("sequence")
        assert (event.action, event.ward) == ("patient_picker.view", "Byron")
        assert event.detail == {"patients": sorted([beatrice.pk, other.pk])}

    def test_for_a_patient_who_is_transferred_meanwhile_asks_again(
        self, page: Client, beatrice: Patient, sarah: User
    ) -> None:
        stay = Stay.objects.select_related("ward").get()
        moves.transfer(stay=stay, to=WardFactory.create(), by=person(sarah))
        response = page.post(address(Kind.PATIENT), filled_in(Kind.PATIENT, beatrice))
        assert response.status_code == 422
        assert "not on the ward any more" in response.content.decode()
        assert not Task.objects.exists()

    def test_to_a_shift_that_is_over_is_refused(self, page: Client, beatrice: Patient) -> None:
        changes = {"due_on": "2026-01-27", "shift": "early"}
        with time_machine.travel(datetime(2026, 1, 27, 15, tzinfo=UTC), tick=False):
            response = page.post(address(Kind.WARD), filled_in(Kind.WARD, beatrice, **changes))
        assert "This shift is over" in response.content.decode()

    @pytest.mark.parametrize(
        ("now", "day", "suggested"),
        [
            ("2026-01-27 10:00", "2026-01-27", "2026-01-27"),
            ("2026-01-27 10:00", "2026-01-20", "2026-01-27"),
            ("2026-01-27 10:00", "2026-02-03", "2026-02-03"),
            ("2026-01-28 02:00", "2026-01-27", "2026-01-28"),  # at night, the coming day
        ],
    )
    def test_suggests_a_day_that_is_not_over(
        self, page: Client, beatrice: Patient, now: str, day: str, suggested: str
    ) -> None:
        with time_machine.travel(datetime.fromisoformat(f"{now}+00:00"), tick=False):
            assert f'value="{suggested}"' in text_of(page, address(Kind.PATIENT, day))

    @pytest.mark.parametrize("tier", ["light", "medium"])
    def test_work_for_patients_does_not_exist_in_a_tier_without_them(
        self, page: Client, beatrice: Patient, settings: Settings, tier: str
    ) -> None:
        settings.HUB_TIER = tier
        for kind in OF_PATIENTS:
            assert page.get(address(kind)).status_code == 404
            assert page.post(address(kind), filled_in(kind, beatrice)).status_code == 404
        assert not Task.objects.exists()
        assert page.get(f"/patients/{beatrice.pk}/work/").status_code == 404
        assert address(Kind.WARD) in text_of(page)
        assert address(Kind.PATIENT) not in text_of(page)
        assert page.post(address(Kind.WARD), filled_in(Kind.WARD, beatrice)).status_code == 302

    def test_leaves_no_name_in_an_address(self, page: Client, beatrice: Patient) -> None:
        response = page.post(address(Kind.PATIENT), filled_in(Kind.PATIENT, beatrice))
        assert "quill" not in response["Location"].lower()


class TestEditing:
    def send(self, client: Client, task: Task, version: int = 1, **changes: Any) -> "Answer":
        data = filled_in(Kind(task.kind), Patient(pk=0), **changes)
        return client.post(f"/tasks/{task.public_id}/edit/", {**data, "version": version})

    @pytest.mark.parametrize("add", [phone_call, tribunal])
    def test_changes_what_is_to_be_done(self, page: Client, beatrice: Patient, add: Any) -> None:
        task = add(beatrice)
        assert 'value="2026-01-27"' in text_of(page, f"/tasks/{task.public_id}/edit/")
        response = self.send(page, task, title="Phone his mother")
        assert "Phone his mother is changed." in text_of(page, response["Location"])
        task.refresh_from_db()
        assert (task.title, task.due_on, task.version) == (
            "Phone his mother",
            date(2026, 1, 28),
            2,
        )
        assert task.patient == beatrice

    def test_of_old_work_keeps_its_day(self, page: Client, byron: Ward, beatrice: Patient) -> None:
        call = phone_call(beatrice, due_on=date(2026, 1, 20))
        huddle = TaskFactory.create(ward=byron, due_on=date(2026, 1, 20))
        for task in (call, huddle):
            response = self.send(page, task, due_on="2026-01-20", shift="early", title="Another")
            assert response.status_code == 302
        assert self.send(page, call, 2, due_on="2026-01-21").status_code == 422

    def test_on_a_stale_page_keeps_what_was_typed_and_says_who_was_first(
        self, page: Client, byron: Ward, beatrice: Patient
    ) -> None:
        task = phone_call(beatrice)
        tom = person(member_of(byron, name="Tom Baker"))
        edit(task=Task.objects.get(), by=tom, title="Phone his father")
        response = self.send(page, task, title="Phone his mother")
        text = response.content.decode()
        assert response.status_code == 409
        assert "Phone his father was changed by Tom Baker at 10:00." in text
        assert 'value="Phone his mother"' in text
        assert Task.objects.get().title == "Phone his father"
        assert '<input type="hidden" name="version" value="2">' in text
        assert self.send(page, task, 2, title="Phone his mother").status_code == 302

    def test_leads_back_to_work_that_may_not_be_changed(
        self, page: Client, byron: Ward, beatrice: Patient, sarah: User
    ) -> None:
        done = actions.complete(task=phone_call(beatrice), by=person(sarah))
        generated = TaskFactory.create(ward=byron, template=TemplateFactory.create(ward=byron))
        for task in (done, generated):
            for response in (page.get(f"/tasks/{task.public_id}/edit/"), self.send(page, task)):
                assert response["Location"] == f"/tasks/{task.public_id}/"
            assert "Change this task" not in text_of(page, f"/tasks/{task.public_id}/")
            task.refresh_from_db()
            assert task.title != "After 14:00"

    @pytest.mark.parametrize("version", ["", "one", "0", "9" * 20])
    def test_that_does_not_say_what_it_saw_is_refused(
        self, page: Client, beatrice: Patient, version: str
    ) -> None:
        task = phone_call(beatrice)
        data = {**filled_in(Kind.PATIENT, beatrice), "version": version}
        assert page.post(f"/tasks/{task.public_id}/edit/", data).status_code == 400

    def test_of_another_wards_work_finds_nothing(self, page: Client) -> None:
        task = phone_call(patient_on(WardFactory.create()))
        assert self.send(page, task).status_code == 404


class TestCallingOff:
    def test_is_for_whoever_added_it_and_those_who_run_the_ward(
        self, client: Client, byron: Ward, beatrice: Patient, sarah: User
    ) -> None:
        task = phone_call(beatrice, person(sarah))
        manager = member_of(byron, role=Role.WARD_ADMIN)
        for user, status in ((sarah, 200), (member_of(byron), 403), (manager, 200)):
            client.force_login(user)
            assert client.get(f"/tasks/{task.public_id}/cancel/").status_code == status


class TestAllWorkForAPatient:
    def test_has_open_and_recent_work_and_whose_it_is(
        self, page: Client, byron: Ward, beatrice: Patient, sarah: User
    ) -> None:
        phone_call(beatrice, due_on=date(2026, 3, 1))
        phone_call(beatrice, title="Long open", due_on=date(2025, 1, 1))
        tribunal(beatrice, title="Dentist")
        actions.complete(task=phone_call(beatrice, title="Done today"), by=person(sarah))
        old = phone_call(beatrice, title="Done long ago", due_on=date(2025, 1, 1))
        actions.complete(task=old, by=person(sarah))
        phone_call(patient_on(byron), title="For another")
        text = text_of(page, f"/patients/{beatrice.pk}/work/")
        for shown in ("QUILL, Beatrice", "due Sun 1 Mar", "Long open", "Dentist", "Done today"):
            assert shown in text
        assert "Done long ago" not in text
        assert "For another" not in text

    def test_stays_there_after_a_click(self, page: Client, beatrice: Patient) -> None:
        task = phone_call(beatrice)
        assert 'name="on_patient_page"' in text_of(page, f"/patients/{beatrice.pk}/work/")
        data = {"action": "complete", "version": 1, "day": TODAY, "on_patient_page": "on"}
        location = page.post(f"/tasks/{task.public_id}/act/", data)["Location"]
        assert location == (f"/patients/{beatrice.pk}/work/?show={task.public_id}#{task.public_id}")
        assert "Phone his sister is done." in text_of(page, location)

    def test_is_written_down_as_a_view_of_the_patient(
        self, page: Client, beatrice: Patient, sarah: User
    ) -> None:
        task = phone_call(beatrice)
        for path in (f"/patients/{beatrice.pk}/work/", f"/tasks/{task.public_id}/"):
            page.get(path)
            view = AuditEvent.objects.latest("sequence")
            assert (view.action, view.object_id) == ("patient.view", str(beatrice.pk))
            assert view.actor_id == str(sarah.pk)

    def test_of_somebody_on_another_ward_does_not_exist(self, page: Client) -> None:
        patient = patient_on(WardFactory.create())
        assert page.get(f"/patients/{patient.pk}/work/").status_code == 404

    @pytest.mark.parametrize("number", [1, 20])
    def test_takes_the_same_number_of_queries_whatever_the_tasks(
        self,
        page: Client,
        beatrice: Patient,
        number: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for _ in range(number):
            phone_call(beatrice)
            tribunal(beatrice)
        with django_assert_num_queries(15):
            page.get(f"/patients/{beatrice.pk}/work/")


class TestAfterATransfer:
    def test_a_click_on_the_old_wards_page_answers_with_that_wards_board(
        self, client: Client, byron: Ward, beatrice: Patient
    ) -> None:
        shelley = WardFactory.create(name="Shelley")
        nurse = member_of(byron, shelley)
        client.force_login(nurse)
        task = phone_call(beatrice)
        stay = Stay.objects.select_related("ward").get()
        moves.transfer(stay=stay, to=shelley, by=person(nurse))
        data = {"action": "complete", "version": 1, "day": TODAY, "ward": "byron"}
        response = client.post(f"/tasks/{task.public_id}/act/", data, headers=HTMX)
        assert response.status_code == 409
        text = response.content.decode()
        assert "was moved with the patient by" in text
        assert "/wards/byron/diary/board/" in text
        assert f'id="{task.public_id}"' not in text

    def test_its_old_ward_learns_no_new_place_from_what_was_done(
        self, page: Client, beatrice: Patient, sarah: User
    ) -> None:
        task = phone_call(beatrice)
        act(page, task, "complete")
        shelley = WardFactory.create(name="Shelley")
        (bed,) = beds_on(shelley, 1)
        stay = Stay.objects.select_related("ward").get()
        moves.transfer(stay=stay, to=shelley, bed=bed, by=person(sarah))
        assert str(bed) not in text_of(page)
        assert page.get(f"/tasks/{task.public_id}/").status_code == 200

    @pytest.fixture
    def left(self, page: Client, beatrice: Patient, sarah: User) -> Ward:
        """The ward to which the patient went; a call and a tribunal were over by then."""
        for task in (phone_call(beatrice), tribunal(beatrice)):
            act(page, task, "complete")
        shelley = WardFactory.create(name="Shelley")
        stay = Stay.objects.select_related("ward").get()
        moves.transfer(stay=stay, to=shelley, by=person(sarah))
        return shelley

    def test_its_old_ward_is_not_told_any_more_whose_work_it_was(
        self, page: Client, beatrice: Patient, left: Ward
    ) -> None:
        for path in (DIARY, *(f"/tasks/{task.public_id}/" for task in Task.objects.all())):
            text = text_of(page, path)
            assert "patient no longer on this ward" in text
            assert "QUILL" not in text
            assert f"/patients/{beatrice.pk}/" not in text

    def test_who_is_on_both_wards_still_sees_whose_work_it_was(
        self, client: Client, byron: Ward, beatrice: Patient, left: Ward
    ) -> None:
        client.force_login(member_of(byron, left))
        text = text_of(client, DIARY)
        assert text.count("QUILL, Beatrice</a>") == 2
        assert "patient no longer on this ward" not in text

    def test_who_was_discharged_from_the_ward_is_still_named_there(
        self, page: Client, beatrice: Patient
    ) -> None:
        act(page, phone_call(beatrice), "complete")
        Stay.objects.update(status="discharged", discharged_at=TEN)
        assert "QUILL, Beatrice</a>" in text_of(page, DIARY)

    def test_the_new_wards_timeline_links_only_what_its_people_may_open(
        self, client: Client, beatrice: Patient, left: Ward
    ) -> None:
        client.force_login(member_of(left))
        phone_call(beatrice, title="Phone his brother")
        text = text_of(client, f"/patients/{beatrice.pk}/")
        assert "Patient task completed: Phone his sister" in text
        links = re.findall(r'href="(/tasks/[^"]+)"', text)
        assert links
        assert {client.get(link).status_code for link in links} == {200}


class TestOnTheWardsPages:
    def test_the_board_tells_how_much_is_open_and_overdue(
        self, page: Client, beatrice: Patient
    ) -> None:
        phone_call(beatrice)
        phone_call(beatrice, due_on=date(2026, 1, 20))
        assert "2 open, 1 overdue" in text_of(page, "/wards/byron/beds/")

    def test_the_patients_timeline_tells_what_happened_to_their_work(
        self, page: Client, beatrice: Patient, sarah: User
    ) -> None:
        task = actions.complete(task=phone_call(beatrice), by=person(sarah))
        text = text_of(page, f"/patients/{beatrice.pk}/")
        link = f'<a href="/tasks/{task.public_id}/">Patient task completed: Phone his sister</a>'
        assert link in text
