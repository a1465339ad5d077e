"""What the diary shows of patients: appointments and patient tasks in sections of their own."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from audit.models import AuditEvent
from tasks import actions
from tasks.models import Task
from tests.factories import TODAY, TaskFactory, WardFactory, beds_on, member_of
from tests.tasks.diary import HTMX, TEN, act, text_of
from tests.tasks.patients import patient_on, phone_call, tribunal
from wards import case_notes, leave
from wards.actors import person
from wards.models import Patient, Stay, User, Ward

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_in_the_morning")]

YESTERDAY = TODAY - timedelta(days=1)
DIARY = "/wards/byron/diary/"


@pytest.fixture
def beatrice(byron: Ward) -> Patient:
    return patient_on(byron, surname="Quill", first_name="Beatrice", preferred_name="Bea")


def section(client: Client, key: str, path: str = DIARY) -> str:
    """Return the section of the diary that is called `key`, as HTML."""
    _, _, after = text_of(client, path).partition(f'aria-labelledby="{key}"')
    return after.split("</section>")[0]


def travel(moment: str) -> time_machine.travel:
    return time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False)


class TestTheSections:
    def test_name_the_patient_and_where_they_are(self, page: Client, byron: Ward) -> None:
        (bed,) = beds_on(byron, 1)
        patient = patient_on(byron, bed=bed, surname="Quill", preferred_name="Bea")
        phone_call(patient)
        shown = section(page, "patient-tasks")
        assert f'href="/patients/{patient.pk}/">QUILL, Beatrice (Bea)</a>' in shown
        assert f'<a href="/patients/{patient.pk}/work/">All work<' in shown
        assert f"{bed.room}, bed {bed.name}" in shown
        assert "Phone call" in shown

    def test_say_that_a_patient_is_on_leave(self, page: Client, beatrice: Patient) -> None:
        phone_call(beatrice)
        leave.go_on_leave(stay=Stay.objects.get(), by=person(member_of()))
        assert "No bed assigned, on leave" in section(page, "patient-tasks")

    def test_stand_in_the_order_of_the_day_and_of_urgency(
        self, page: Client, beatrice: Patient
    ) -> None:
        for title, at, day_part in (
            ("In the afternoon", None, "pm"),
            ("At three", time(15), ""),
            ("In the morning", None, "am"),
            ("At nine", time(9), ""),
        ):
            tribunal(beatrice, title=title, time=at, day_part=day_part)
        for title, priority in (("A routine call", 1), ("The urgent call", 3)):
            phone_call(beatrice, title=title, priority=priority)
        shown = section(page, "appointments")
        order = ["At nine", "In the morning", "At three", "In the afternoon"]
        assert sorted(order, key=shown.index) == order
        for when in ("09:00", "AM", "15:00", "PM"):
            assert f'<span class="hub-card__time">{when}</span>' in shown
        shown = section(page, "patient-tasks")
        assert shown.index("The urgent call") < shown.index("A routine call")

    def test_tell_place_and_company_of_an_appointment(
        self, page: Client, beatrice: Patient
    ) -> None:
        tribunal(beatrice, place="Family room", attendees="Dr Grey")
        assert "Family room, with Dr Grey" in section(page, "appointments")

    def test_hold_only_the_work_of_the_ward_and_day(self, page: Client, beatrice: Patient) -> None:
        phone_call(beatrice, title="Tomorrow", due_on=TODAY + timedelta(days=1))
        phone_call(patient_on(WardFactory.create()), title="Elsewhere")
        text = text_of(page)
        assert "Tomorrow" not in text
        assert "Elsewhere" not in text
        assert "None on this day." in section(page, "patient-tasks")
        assert "Tomorrow" in section(page, "patient-tasks", f"{DIARY}2026-01-28/")

    def test_keep_ward_tasks_out(self, page: Client, byron: Ward, beatrice: Patient) -> None:
        TaskFactory.create(ward=byron, title="Safety huddle")
        phone_call(beatrice)
        assert "Safety huddle" not in section(page, "patient-tasks")
        assert "Phone his sister" not in section(page, "shift-early")

    @pytest.mark.parametrize("action", ["claim", "start", "complete"])
    def test_have_the_same_buttons_and_undo(
        self, page: Client, beatrice: Patient, action: str
    ) -> None:
        for task in (phone_call(beatrice), tribunal(beatrice)):
            assert f'id="{action}-{task.public_id}"' in text_of(page)
            answer = act(page, task, action, headers=HTMX).content.decode()
            assert f'id="undo-{task.public_id}"' in answer

    def test_of_two_tasks_of_one_title_each_button_says_whose_it_is(
        self, page: Client, byron: Ward, beatrice: Patient
    ) -> None:
        phone_call(beatrice)
        phone_call(patient_on(byron, surname="Ash", first_name="Tom"))
        text = text_of(page)
        assert 'Complete<span class="nhsuk-u-visually-hidden"> Phone his sister, ASH, Tom' in text
        assert "Phone his sister, QUILL, Beatrice (Bea)</span>" in text


class TestOverdue:
    @pytest.mark.parametrize(
        ("add", "facts", "moments"),
        [
            (phone_call, {}, ["2026-01-27 23:59", "2026-01-28 00:00"]),
            (tribunal, {"time": time(10)}, ["2026-01-27 10:59", "2026-01-27 11:00"]),
            (tribunal, {"time": None, "day_part": "am"}, ["2026-01-27 11:59", "2026-01-27 12:00"]),
            (tribunal, {"time": None, "day_part": "pm"}, ["2026-01-27 17:59", "2026-01-27 18:00"]),
        ],
    )
    def test_work_is_overdue_when_its_time_has_passed(
        self, page: Client, beatrice: Patient, add: Any, facts: dict[str, Any], moments: list[str]
    ) -> None:
        add(beatrice, **facts)
        last_moment, overdue_from = moments
        with travel(last_moment):
            assert "Overdue" not in text_of(page)
        with travel(overdue_from):
            assert "Overdue" in text_of(page)

    def test_a_carried_over_task_stands_on_todays_page_with_the_day_it_was_first_due(
        self, page: Client, beatrice: Patient
    ) -> None:
        phone_call(beatrice, due_on=date(2026, 1, 20), carry_over=True)
        shown = section(page, "patient-tasks")
        assert "due Tue 20 Jan" in shown
        assert "Overdue" in shown
        assert "Carried over" in shown

    def test_without_carry_over_it_stays_on_its_day(self, page: Client, beatrice: Patient) -> None:
        phone_call(beatrice, due_on=YESTERDAY)
        assert "Phone his sister" not in text_of(page)
        assert "Overdue" in section(page, "patient-tasks", f"{DIARY}2026-01-26/")

    def test_carried_over_work_that_is_done_keeps_its_undo_on_todays_page(
        self, page: Client, beatrice: Patient
    ) -> None:
        task = phone_call(beatrice, due_on=YESTERDAY, carry_over=True)
        act(page, task, "complete")
        assert f'id="reopen-{task.public_id}"' in section(page, "patient-tasks")


class TestATierWithoutPatients:
    @pytest.fixture(autouse=True, params=["light", "medium"])
    def _tier(self, beatrice: Patient, settings: Settings, request: pytest.FixtureRequest) -> None:
        """Rows of patients that an earlier, larger tier has left behind."""
        tribunal(beatrice)
        phone_call(beatrice)
        settings.HUB_TIER = request.param

    def test_has_no_such_sections(self, page: Client) -> None:
        text = text_of(page)
        for word in ("Appointments", "Patient tasks", "Tribunal", "sister", "QUILL", "/patients/"):
            assert word not in text

    def test_has_no_such_tasks(self, page: Client) -> None:
        for task in Task.objects.all():
            assert page.get(f"/tasks/{task.public_id}/").status_code == 404
            assert act(page, task, "complete").status_code == 404
        assert not Task.objects.exclude(status="pending").exists()


class TestWhoHasSeenTheNames:
    def seen(self) -> list[tuple[str, Any]]:
        events = AuditEvent.objects.filter(action="ward_diary.view").order_by("sequence")
        return [(event.ward, event.detail["patients"]) for event in events]

    def test_is_in_the_audit_log_for_each_board_that_is_sent(
        self, page: Client, beatrice: Patient
    ) -> None:
        task, once = phone_call(beatrice), ("Byron", [beatrice.pk])
        shown = text_of(page)
        assert self.seen() == [once]
        act(page, task, "claim", headers=HTMX)
        assert self.seen() == [once] * 2
        asked = {"day": TODAY.isoformat(), "version": ""}
        shown = page.get(f"{DIARY}board/", asked, headers=HTMX).content.decode()
        assert self.seen() == [once] * 3
        version = re.search(r'version["=:/ ]+(?:value=")?([0-9a-f]{16})', shown)
        assert version
        again = page.get(f"{DIARY}board/", {**asked, "version": version[1]}, headers=HTMX)
        assert again.status_code == 204
        assert self.seen() == [once] * 3

    def test_is_not_asked_of_a_diary_that_names_nobody(self, page: Client, byron: Ward) -> None:
        TaskFactory.create(ward=byron)
        text_of(page)
        assert self.seen() == []


@pytest.mark.parametrize("number", [1, 20])
def test_the_diary_takes_the_same_number_of_queries_whatever_the_patients(
    page: Client, byron: Ward, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for place, bed in enumerate(beds_on(byron, number)):
        patient = patient_on(byron, bed=bed)
        task = phone_call(patient)
        tribunal(patient)
        TaskFactory.create(ward=byron)
        if place % 2:
            actions.claim(task=task, by=person(member_of(byron)), at=TEN)
    page.get(DIARY)  # the session now knows the ward
    # Three of them note in the audit log who has seen the names.
    with django_assert_num_queries(19):
        page.get(DIARY)
    with django_assert_num_queries(12):
        page.get(f"{DIARY}board/", {"day": TODAY.isoformat()}, headers=HTMX)


@pytest.mark.parametrize("number", [1, 20])
def test_board_and_patient_take_the_same_number_of_queries_whatever_the_work(
    page: Client,
    byron: Ward,
    sarah: User,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    patients = [patient_on(byron, bed=bed) for bed in beds_on(byron, number)]
    for patient in patients:
        phone_call(patient)
        tribunal(patients[0])
        stay = Stay.objects.get(patient=patients[0])
        case_notes.write(stay=stay, text="Slept well.", by=person(sarah))
        page.get(f"/patients/{patients[0].pk}/")
    page.get("/wards/byron/beds/")  # the session now knows the ward
    with django_assert_num_queries(17):
        page.get("/wards/byron/beds/")
    with django_assert_num_queries(20):
        page.get(f"/patients/{patients[0].pk}/")


def test_the_patient_s_page_leads_to_their_work(page: Client, beatrice: Patient) -> None:
    shown = page.get(f"/patients/{beatrice.pk}/").content.decode()

    assert f'href="/patients/{beatrice.pk}/work/"' in shown
