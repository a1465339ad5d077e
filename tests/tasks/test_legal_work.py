"""Each duty that a legal status brings becomes one task, whatever happens meanwhile."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from audit.models import AuditEvent
from tasks import actions
from tasks.jobs import generate_coming_days
from tasks.legal_work import NOT_NEEDED, keep_all_up
from tasks.models import LegalWorkSettings, Task, TaskEvent
from tasks.pauses import paused
from tests.admin.pages import submit
from tests.factories import WardFactory, member_of, senior_admin
from tests.tasks.patients import CLERK, detained_on, patient_on
from tests.tasks.test_patient_work import discharge_of
from wards import admissions, discharges, leave, moves, reopening
from wards.actors import person
from wards.models import LegalStatus, Role, Stay, Ward

pytestmark = pytest.mark.django_db

TEN = datetime(2026, 11, 3, 10, tzinfo=UTC)
TODAY = date(2026, 11, 3)
TWO, THREE = LegalStatus.SECTION_2, LegalStatus.SECTION_3


@pytest.fixture(autouse=True)
def _on_the_third_of_november() -> Any:
    with time_machine.travel(TEN, tick=False):
        yield


@pytest.fixture
def byron() -> Ward:
    return WardFactory.create(name="Byron")


@pytest.fixture
def stay(byron: Ward) -> Stay:
    return detained_on(byron, TWO, TODAY)


def fresh(stay: Stay) -> Stay:
    return Stay.objects.select_related("ward", "patient", "bed").get(pk=stay.pk)


def edit(stay: Stay, status: LegalStatus, since: date | None) -> Stay:
    return admissions.edit(
        stay=fresh(stay), by=CLERK, legal_status=status, legal_status_since=since
    )


def told() -> list[tuple[str, str, date]]:
    """Return what is in the diary: the beginning of each occasion, its status, its day."""
    rows = Task.objects.order_by("pk").values_list("occasion", "status", "due_on")
    return [(occasion.rsplit(" ", 2)[0], status, due_on) for occasion, status, due_on in rows]


def rights() -> Task:
    return Task.objects.open().get(occasion__startswith="rights")


def night(days: int) -> None:
    """Let the schedule run that many days after the third."""
    with time_machine.travel(TEN + timedelta(days=days), tick=False):
        generate_coming_days()


class TestAtOnce:
    def test_an_admission_under_a_section_brings_its_tasks(self, stay: Stay, byron: Ward) -> None:
        assert told() == [
            ("expiry 2", "pending", date(2026, 11, 23)),
            ("rights 2", "pending", TODAY),
        ]
        task = rights()
        assert (task.kind, task.ward, task.patient, task.carry_over) == (
            "patient", byron, stay.patient, True
        )  # fmt: skip
        event = task.events.get()
        assert (event.action, event.by_name, event.source) == ("create", "The schedule", "job")
        audit = AuditEvent.objects.get(action="task.legal_work")
        assert (audit.ward, audit.detail["patients"]) == ("Byron", [stay.patient_id])
        assert len(audit.detail["created"]) == 2

    def test_an_informal_admission_brings_none(self, byron: Ward) -> None:
        patient_on(byron)
        generate_coming_days()
        assert told() == []
        assert not AuditEvent.objects.filter(action="task.legal_work").exists()

    def test_another_section_supersedes_what_the_first_asked_for(self, stay: Stay) -> None:
        edit(stay, THREE, TODAY + timedelta(days=0))
        assert told() == [
            ("expiry 2", "cancelled", date(2026, 11, 23)),
            ("rights 2", "cancelled", TODAY),
            ("expiry 3", "pending", date(2027, 4, 4)),
            ("rights 3", "pending", TODAY),
        ]
        cancelled = Task.objects.filter(status="cancelled")
        assert {task.cancelled_reason for task in cancelled} == {NOT_NEEDED}
        assert {task.version for task in cancelled} == {2}
        assert {task.events.latest("pk").reason for task in cancelled} == {NOT_NEEDED}

    def test_another_date_counts_anew(self, stay: Stay) -> None:
        edit(stay, TWO, TODAY - timedelta(days=3))
        assert [task.due_on for task in Task.objects.open().order_by("pk")] == [
            date(2026, 11, 20),
            TODAY,  # the admission, for before it somebody else had to explain
        ]

    def test_the_end_of_the_section_calls_them_off(self, stay: Stay) -> None:
        edit(stay, LegalStatus.INFORMAL, None)
        assert {status for _, status, _ in told()} == {"cancelled"}

    def test_a_mistake_that_is_mended_brings_them_back(self, stay: Stay) -> None:
        actions.complete(task=rights(), by=CLERK)
        edit(stay, THREE, TODAY)
        edit(stay, TWO, TODAY)
        live = [(what, status) for what, status, _ in told() if status != "cancelled"]
        assert live == [("rights 2", "completed"), ("expiry 2", "pending")]

    def test_other_details_change_nothing(self, stay: Stay) -> None:
        before = list(Task.objects.values())
        admissions.edit(stay=fresh(stay), by=CLERK, consultant="Dr Grey")
        assert list(Task.objects.values()) == before


class TestTheSchedule:
    def test_asks_again_an_interval_after_rights_were_explained(self, byron: Ward) -> None:
        detained_on(byron, THREE, TODAY)
        actions.complete(task=rights(), by=CLERK)
        night(1)
        assert rights().due_on == date(2026, 12, 1)
        with time_machine.travel(TEN + timedelta(days=30), tick=False):
            actions.complete(task=rights(), by=CLERK)
        night(31)
        assert rights().due_on == TODAY + timedelta(days=30 + 28)

    @pytest.mark.parametrize("section", [TWO, THREE, LegalStatus.SECTION_5_2])
    def test_a_reminder_that_a_person_called_off_explains_nothing(
        self, byron: Ward, section: LegalStatus
    ) -> None:
        detained_on(byron, section, TODAY)
        actions.cancel(task=rights(), by=CLERK, reason="Asleep")
        night(1)
        assert rights().due_on == TODAY + timedelta(days=1)

    def test_takes_the_next_reminder_back_when_the_first_is_reopened(self, stay: Stay) -> None:
        first = actions.cancel(task=rights(), by=CLERK, reason="Asleep")
        night(1)
        actions.reopen(task=first, by=CLERK)
        night(1)
        assert rights() == first

    def test_takes_back_the_next_reminder_when_a_completion_is_undone(self, byron: Ward) -> None:
        detained_on(byron, THREE, TODAY)
        task = actions.complete(task=rights(), by=CLERK)
        night(1)
        actions.reopen(task=task, by=CLERK)
        night(2)
        assert rights() == task
        actions.complete(task=task, by=CLERK)
        night(3)
        assert rights().due_on == date(2026, 12, 1)

    def test_does_not_repeat_what_was_done_or_called_off_about_an_expiry(self, stay: Stay) -> None:
        expiry = Task.objects.get(occasion__startswith="expiry")
        actions.cancel(task=expiry, by=CLERK, reason="The meeting is booked")
        night(1)
        assert not Task.objects.open().filter(occasion__startswith="expiry").exists()

    def test_changes_nothing_when_it_runs_again(self, stay: Stay) -> None:
        before = list(Task.objects.values()), AuditEvent.objects.count()
        night(0)
        night(5)
        assert (list(Task.objects.values()), AuditEvent.objects.count()) == before

    @pytest.mark.parametrize("tier", ["light", "medium"])
    def test_does_nothing_in_a_tier_without_patients(
        self, stay: Stay, settings: Settings, tier: str
    ) -> None:
        TaskEvent.objects.all().delete()
        Task.objects.all().delete()
        settings.HUB_TIER = tier
        generate_coming_days()
        assert not Task.objects.exists()


def test_the_audit_log_tells_ward_by_ward_what_the_schedule_did(byron: Ward) -> None:
    shelley = WardFactory.create(name="Shelley")
    stays = [detained_on(ward, TWO, TODAY) for ward in (byron, shelley, shelley)]
    TaskEvent.objects.all().delete()
    Task.objects.all().delete()
    keep_all_up()
    told = AuditEvent.objects.filter(action="task.legal_work").order_by("-sequence")[:2]
    assert {
        event.ward: (event.detail["patients"], len(event.detail["created"])) for event in told
    } == {
        "Byron": ([stays[0].patient_id], 2),
        "Shelley": ([stays[1].patient_id, stays[2].patient_id], 4),
    }


class TestADischarge:
    def discharge(self, stay: Stay, ward: Ward) -> Stay:
        discharge = discharge_of(fresh(stay), member_of(ward))
        return discharges.confirm(
            discharge=discharge, by=person(member_of(ward, role=Role.WARD_ADMIN))
        )

    def test_calls_them_off_for_good(self, stay: Stay, byron: Ward) -> None:
        self.discharge(stay, byron)
        night(1)
        assert {status for _, status, _ in told()} == {"cancelled"}

    def test_that_is_undone_brings_them_back(self, stay: Stay, byron: Ward) -> None:
        gone = self.discharge(stay, byron)
        reopening.reopen(stay=gone, reason="Wrong patient", by=person(senior_admin()))
        assert [what for what, status, _ in told() if status == "pending"] == [
            "expiry 2",
            "rights 2",
        ]


class TestTheWardsTimes:
    def test_move_what_is_still_to_do(self, stay: Stay, byron: Ward, client: Client) -> None:
        client.force_login(member_of(byron, role=Role.WARD_ADMIN))
        page = f"/admin/wards/ward/{byron.pk}/legal-work/"
        days = {"before_end_of_days": 10, "before_end_of_months": 28, "between_explanations": 14}
        assert submit(client, page, **days)["Location"] == page
        expiry = Task.objects.get(occasion__startswith="expiry")
        assert (expiry.due_on, expiry.version) == (date(2026, 11, 20), 2)
        event = expiry.events.latest("pk")
        assert (event.action, event.reason) == ("edit", "due 20 Nov 2026")
        change = AuditEvent.objects.get(action="ward.change").detail["changes"][0]["changed"]
        assert change["fields"][0] == "Sections of days: 2, 35, 36, 38, days: 10"

    @pytest.mark.parametrize("days", ["", "0", "367", "many"])
    def test_that_cannot_be_are_an_error_on_the_form(
        self, byron: Ward, client: Client, days: str
    ) -> None:
        client.force_login(member_of(byron, role=Role.WARD_ADMIN))
        typed = {"before_end_of_days": days, "before_end_of_months": 28, "between_explanations": 9}
        answer = submit(client, f"/admin/wards/ward/{byron.pk}/legal-work/", **typed)
        assert "Nothing was saved" in answer.content.decode()
        assert not LegalWorkSettings.objects.exists()

    def test_are_those_of_the_ward_to_which_the_patient_is_transferred(self, stay: Stay) -> None:
        shelley = WardFactory.create(name="Shelley")
        LegalWorkSettings.objects.create(ward=shelley, before_end_of_days=2)
        moves.transfer(stay=fresh(stay), to=shelley, by=CLERK)
        tasks = {task.occasion[:6]: (task.ward, task.due_on) for task in Task.objects.open()}
        assert tasks == {
            "expiry": (shelley, date(2026, 11, 28)),
            "rights": (shelley, TODAY),
        }


def test_a_task_that_was_left_on_another_ward_follows_the_patient(stay: Stay) -> None:
    Task.objects.update(ward=WardFactory.create())
    night(1)
    assert {task.ward for task in Task.objects.all()} == {stay.ward}


class TestTheTasks:
    def test_stand_in_the_diary_and_say_where_they_come_from(
        self, stay: Stay, byron: Ward, client: Client
    ) -> None:
        client.force_login(member_of(byron))
        shown = client.get("/wards/byron/diary/").content.decode()
        assert "Explain rights under section 132" in shown
        assert "Generated from the legal status" in shown
        work = client.get(f"/patients/{stay.patient_id}/work/").content.decode()
        assert "Section 2 ends" in work
        assert "due Mon 23 Nov<" in work

    def test_of_another_year_say_the_year(self, stay: Stay, byron: Ward, client: Client) -> None:
        edit(stay, THREE, TODAY)
        client.force_login(member_of(byron))
        work = client.get(f"/patients/{stay.patient_id}/work/").content.decode()
        assert "due Sun 4 Apr 2027<" in work

    def test_are_not_changed_by_hand_and_called_off_by_who_runs_the_ward(
        self, stay: Stay, byron: Ward, client: Client
    ) -> None:
        address = f"/tasks/{rights().public_id}/"
        client.force_login(member_of(byron))
        assert client.get(f"{address}edit/").status_code == 302
        assert client.get(f"{address}cancel/").status_code == 403
        client.force_login(member_of(byron, role=Role.WARD_ADMIN))
        assert client.get(f"{address}cancel/").status_code == 200

    def test_that_were_called_off_are_not_reopened_by_hand(
        self, stay: Stay, byron: Ward, client: Client
    ) -> None:
        task = rights()
        edit(stay, THREE, TODAY)
        edit(stay, TWO, TODAY)
        client.force_login(member_of(byron, role=Role.WARD_ADMIN))
        click = {"action": "reopen", "version": 2, "day": "2026-11-03"}
        assert client.post(f"/tasks/{task.public_id}/act/", click).status_code == 403

    def test_that_a_person_called_off_are_reopened_by_who_runs_the_ward(
        self, stay: Stay, byron: Ward, client: Client
    ) -> None:
        task = Task.objects.get(occasion__startswith="expiry")
        actions.cancel(task=task, by=CLERK, reason="By mistake")
        address, button = f"/tasks/{task.public_id}/", f'id="reopen-{task.public_id}"'
        click = {"action": "reopen", "version": task.version, "day": "2026-11-23"}
        client.force_login(member_of(byron))
        assert button not in client.get(address).content.decode()
        assert client.post(f"{address}act/", click).status_code == 403
        client.force_login(member_of(byron, role=Role.WARD_ADMIN))
        assert button in client.get(address).content.decode()
        client.post(f"{address}act/", click)
        night(1)
        task.refresh_from_db()
        assert task.is_open

    def test_never_wait_for_an_absent_patient(self, stay: Stay) -> None:
        Task.objects.update(category="assessment")
        leave.be_absent(stay=fresh(stay), by=CLERK)
        assert not paused().exists()

    def test_of_one_occasion_cannot_stand_twice(self, stay: Stay) -> None:
        task = rights()
        task.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            task.save(force_insert=True)


def statements(number: int) -> list[str]:
    """Return the SQL of a run that makes the tasks of `number` patients; batches count once."""
    ward = WardFactory.create(capacity=1000)
    for _ in range(number):
        detained_on(ward, TWO, TODAY)
    TaskEvent.objects.filter(task__ward=ward).delete()
    Task.objects.filter(ward=ward).delete()
    with CaptureQueriesContext(connection) as captured:
        keep_all_up()
    assert Task.objects.filter(ward=ward).count() == 2 * number
    named_alike = (re.sub(r"s\d+_x\d+", "savepoint", query["sql"]) for query in captured)
    return [kind for kind, _ in groupby(sql[:40] for sql in named_alike)]


def test_a_run_takes_the_same_statements_for_2_and_40_patients() -> None:
    assert statements(2) == statements(40)
