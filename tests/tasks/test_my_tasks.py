"""My Tasks: what a person has claimed, on all their wards, in the order of its time."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from audit.models import AuditEvent
from tasks import actions
from tasks.models import Task
from tests.factories import (
    TODAY,
    AuditTaskFactory,
    GuideFactory,
    MembershipFactory,
    TaskFactory,
    WardFactory,
    beds_on,
    member_of,
)
from tests.tasks.diary import HTMX, TEN, text_of
from tests.tasks.patients import patient_on, phone_call, tribunal
from wards import leave
from wards.actors import person
from wards.models import Stay, User, Ward

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_in_the_morning")]

PAGE = "/my-tasks/"
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
NOTHING = 'You have claimed nothing. <a href="/">Claim work in the diary</a>.'


def claimed(task: Task, by: User) -> Task:
    return actions.claim(task=task, by=person(by), at=TEN)


def claimed_ward_task(ward: Ward, by: User, **facts: Any) -> Task:
    return claimed(TaskFactory.create(ward=ward, **facts), by)


def groups(client: Client) -> dict[str, list[str]]:
    """Return the titles under each heading of the page, in its order."""
    found: dict[str, list[str]] = {}
    for section in text_of(client, PAGE).split('<section class="hub-column"')[1:]:
        heading = re.search(r"<h2[^>]*>(.*?)</h2>", section)
        assert heading
        titles = re.findall(r'<a href="/tasks/\w+/">(.*?)</a>', section.split("</section>")[0])
        found[heading[1]] = titles
    return found


def done(client: Client) -> str:
    """Return the fold of what is done; empty if there is none."""
    return text_of(client, PAGE).partition('id="closed-done"')[2]


def travel(moment: str) -> time_machine.travel:
    return time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False)


def click(page: Client, task: Task, action: str, headers: dict[str, str] | None = None) -> "Answer":
    """Press a button of My Tasks, on the task as it now stands."""
    data = {
        "action": action,
        "version": Task.objects.get(pk=task.pk).version,
        "day": "2026-01-27",
        "on_my_tasks": "on",
    }
    return page.post(f"/tasks/{task.public_id}/act/", data, headers=headers)


class TestWhatItShows:
    def test_a_person_who_has_claimed_nothing_is_told_where_to_claim(
        self, page: Client, byron: Ward
    ) -> None:
        TaskFactory.create(ward=byron)
        claimed_ward_task(byron, member_of(byron))
        assert NOTHING in text_of(page, PAGE)
        assert groups(page) == {}

    def test_a_person_without_a_ward_has_nothing(self, client: Client) -> None:
        client.force_login(member_of())
        assert NOTHING in text_of(client, PAGE)

    def test_every_page_leads_to_it(self, page: Client, byron: Ward) -> None:
        assert '<a href="/my-tasks/">My Tasks</a>' in text_of(page)
        assert '<a href="/my-tasks/" aria-current="page">My Tasks</a>' in text_of(page, PAGE)

    def test_what_was_claimed_and_what_was_started(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        claimed_ward_task(byron, sarah, title="A claimed round")
        actions.start(task=TaskFactory.create(ward=byron, title="B begun"), by=person(sarah))
        assert groups(page) == {"This shift": ["A claimed round", "B begun"]}
        assert "2 to do" in text_of(page, PAGE)

    def test_work_of_every_ward_that_the_person_is_on_with_its_name(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        shelley = WardFactory.create(name="Shelley")
        MembershipFactory.create(user=sarah, ward=shelley)
        claimed_ward_task(byron, sarah, title="On Byron")
        claimed_ward_task(shelley, sarah, title="On Shelley")
        assert groups(page) == {"This shift": ["On Byron", "On Shelley"]}
        assert "<span>Shelley</span>" in text_of(page, PAGE)

    def test_not_that_of_a_ward_that_the_person_has_left(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        claimed_ward_task(byron, sarah)
        finished = claimed_ward_task(byron, sarah)
        actions.complete(task=finished, by=person(sarah), at=TEN)
        sarah.memberships.all().delete()
        assert "Safety huddle" not in text_of(page, PAGE)

    @pytest.mark.parametrize(("tier", "shown"), [("max", 3), ("medium", 1), ("light", 1)])
    def test_patients_work_in_the_tiers_that_have_patients(
        self, page: Client, byron: Ward, sarah: User, settings: Settings, *, tier: str, shown: int
    ) -> None:
        patient = patient_on(byron, surname="Quill")
        for task in (phone_call(patient), tribunal(patient), TaskFactory.create(ward=byron)):
            claimed(task, sarah)
        settings.HUB_TIER = tier
        assert f"{shown} to do" in text_of(page, PAGE)
        assert ("QUILL" in text_of(page, PAGE)) == (shown == 3)


class TestTheOrder:
    @pytest.mark.parametrize(
        ("now", "facts", "heading"),
        [
            ("2026-01-27 10:00", {}, "This shift"),
            ("2026-01-27 14:15", {}, "This shift"),  # it is handing over
            ("2026-01-27 14:30", {}, "Overdue"),
            ("2026-01-27 10:00", {"shift": "late"}, "Today"),
            ("2026-01-27 14:00", {"shift": "late"}, "This shift"),
            ("2026-01-27 10:00", {"shift": "night"}, "Today"),
            ("2026-01-28 02:00", {"shift": "night"}, "This shift"),
            ("2026-01-28 07:10", {"shift": "night"}, "This shift"),
            ("2026-01-28 07:30", {"shift": "night"}, "Overdue"),
            ("2026-01-27 10:00", {"due_on": TOMORROW}, "Later"),
            ("2026-01-28 02:00", {"due_on": TOMORROW}, "Later"),  # the night is of the day before
            ("2026-03-29 10:00", {}, "Overdue"),
        ],
    )
    def test_a_ward_task_stands_where_its_shift_is(
        self,
        page: Client,
        byron: Ward,
        sarah: User,
        *,
        now: str,
        facts: dict[str, Any],
        heading: str,
    ) -> None:
        claimed_ward_task(byron, sarah, **facts)
        with travel(now):
            page.force_login(sarah)
            assert groups(page) == {heading: ["Safety huddle"]}

    @pytest.mark.parametrize(
        ("now", "add", "facts", "heading"),
        [
            ("2026-01-27 10:00", phone_call, {}, "Today"),
            ("2026-01-27 22:00", phone_call, {}, "This shift"),
            ("2026-01-27 10:00", phone_call, {"due_on": YESTERDAY}, "Overdue"),
            ("2026-01-27 10:00", phone_call, {"due_on": TOMORROW}, "Later"),
            ("2026-01-27 10:30", tribunal, {}, "This shift"),
            ("2026-01-27 11:00", tribunal, {}, "Overdue"),
            ("2026-01-27 10:00", tribunal, {"time": time(14)}, "This shift"),
            ("2026-01-27 10:00", tribunal, {"time": time(15)}, "Today"),
            ("2026-01-27 10:00", tribunal, {"time": None, "day_part": "am"}, "This shift"),
            ("2026-01-27 10:00", tribunal, {"time": None, "day_part": "pm"}, "Today"),
        ],
    )
    def test_a_patients_work_stands_where_its_time_is(
        self,
        page: Client,
        byron: Ward,
        sarah: User,
        *,
        now: str,
        add: Any,
        facts: dict[str, Any],
        heading: str,
    ) -> None:
        task = claimed(add(patient_on(byron), **facts), sarah)
        with travel(now):
            assert groups(page) == {heading: [task.title]}

    def test_the_headings_and_the_work_under_them_stand_by_time_then_urgency(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        patient = patient_on(byron)
        work: dict[str, dict[str, Any]] = {
            "Tomorrow": {"due_on": TOMORROW},
            "Late": {"shift": "late"},
            "Routine": {},
            "Urgent": {"priority": 3},
            "Last night": {"due_on": YESTERDAY, "shift": "night"},
            "Last week": {"due_on": TODAY - timedelta(weeks=1)},
        }
        for title, facts in work.items():
            claimed_ward_task(byron, sarah, title=title, **facts)
        claimed(tribunal(patient, title="At eleven", time=time(11)), sarah)
        claimed(phone_call(patient, title="Call today"), sarah)
        shown = groups(page)
        assert list(shown.items()) == [
            ("Overdue", ["Last week", "Last night"]),
            ("This shift", ["At eleven", "Urgent", "Routine"]),
            ("Today", ["Late", "Call today"]),
            ("Later", ["Tomorrow"]),
        ]

    def test_each_says_when_it_is_due(self, page: Client, byron: Ward, sarah: User) -> None:
        claimed_ward_task(byron, sarah)
        claimed_ward_task(byron, sarah, due_on=TOMORROW, shift="late")
        claimed(phone_call(patient_on(byron)), sarah)
        text = text_of(page, PAGE)
        for when in ("due by 14:30", "due Wed 28 Jan, late", "due Tue 27 Jan"):
            assert f"<span>{when}</span>" in text

    def test_what_waits_for_its_patient_stands_last_and_is_not_overdue(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        task = claimed(
            phone_call(patient_on(byron), due_on=YESTERDAY, category="assessment"), sarah
        )
        leave.be_absent(stay=Stay.objects.get(), by=person(sarah))
        assert groups(page) == {"Later": [task.title]}
        assert "Paused: absent without leave" in text_of(page, PAGE)


class TestDone:
    @pytest.mark.parametrize(
        ("at", "now", "shown"),
        [
            ("2026-01-27 07:00", "2026-01-27 10:00", True),
            ("2026-01-27 06:59", "2026-01-27 10:00", False),
            ("2026-01-27 07:05", "2026-01-27 14:15", True),  # the early shift is handing over
            ("2026-01-27 13:59", "2026-01-27 14:30", False),
            ("2026-01-27 22:00", "2026-01-28 02:00", True),
            ("2026-01-26 10:00", "2026-01-27 10:00", False),
        ],
    )
    def test_holds_what_the_person_completed_in_the_shift_on_duty(
        self, page: Client, byron: Ward, sarah: User, at: str, now: str, *, shown: bool
    ) -> None:
        task = TaskFactory.create(ward=byron)
        actions.complete(task=task, by=person(sarah), at=datetime.fromisoformat(f"{at}+00:00"))
        with travel(now):
            assert ("Done (1)" in done(page)) == shown

    def test_not_what_a_colleague_completed_for_them(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        task = claimed_ward_task(byron, sarah)
        actions.complete(task=task, by=person(member_of(byron)), at=TEN)
        assert done(page) == ""

    def test_can_be_undone(self, page: Client, byron: Ward, sarah: User) -> None:
        task = claimed_ward_task(byron, sarah)
        click(page, task, "complete")
        assert f'id="reopen-{task.public_id}"' in done(page)
        click(page, task, "reopen")
        assert groups(page) == {"This shift": ["Safety huddle"]}


class TestAClick:
    @pytest.mark.parametrize(
        ("action", "sentence"),
        [
            ("complete", "Safety huddle is done."),
            ("release", "You have released Safety huddle."),
            ("start", "You have started Safety huddle."),
        ],
    )
    def test_without_javascript_ends_on_this_page_again(
        self, page: Client, byron: Ward, sarah: User, action: str, sentence: str
    ) -> None:
        task = claimed_ward_task(byron, sarah)
        assert f'id="{action}-{task.public_id}"' in text_of(page, PAGE)
        address = click(page, task, action)["Location"]
        assert address == f"/my-tasks/?show={task.public_id}#{task.public_id}"
        assert sentence in text_of(page, address)

    def test_with_htmx_answers_the_board_and_an_undo_that_ends_here_too(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        task = claimed_ward_task(byron, sarah)
        response = click(page, task, "release", HTMX)
        assert response["HX-Push-Url"] == "false"
        text = response.content.decode()
        assert "<html" not in text
        assert NOTHING.split(" <", maxsplit=1)[0] in text
        notice = text.partition('id="notice"')[2]
        assert f'id="undo-{task.public_id}"' in notice
        assert '<input type="hidden" name="on_my_tasks" value="on">' in notice
        assert "Safety huddle" in click(page, task, "claim", HTMX).content.decode()

    @pytest.mark.parametrize("headers", [None, HTMX])
    def test_on_what_a_colleague_took_over_says_who(
        self, page: Client, byron: Ward, sarah: User, headers: dict[str, str] | None
    ) -> None:
        task = claimed_ward_task(byron, sarah)
        actions.take_over(task=task, by=person(member_of(byron, name="Amir Hussain")), at=TEN)
        answer = click(page, task, "release", headers)
        text = answer.content.decode() if headers else text_of(page, answer["Location"])
        assert answer.status_code == (409 if headers else 302)
        assert "Safety huddle was taken over by Amir Hussain at 10:00." in text


class TestAnOpenPage:
    def refresh(self, page: Client, version: str) -> "Answer":
        return page.get("/my-tasks/board/", {"version": version}, headers=HTMX)

    def version_shown(self, page: Client) -> str:
        found = re.search(r'"version": "(\w+)"', text_of(page, PAGE))
        assert found
        return found[1]

    def test_is_told_that_nothing_changed(self, page: Client, byron: Ward, sarah: User) -> None:
        claimed_ward_task(byron, sarah)
        assert self.refresh(page, self.version_shown(page)).status_code == 204

    def test_gets_the_board_when_a_colleague_takes_over(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        task = claimed_ward_task(byron, sarah)
        version = self.version_shown(page)
        actions.take_over(task=task, by=person(member_of(byron)), at=TEN)
        assert "You have claimed nothing" in self.refresh(page, version).content.decode()

    def test_gets_the_board_when_the_shift_ends(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        claimed_ward_task(byron, sarah)
        version = self.version_shown(page)
        with travel("2026-01-27 14:30"):
            assert "Overdue" in self.refresh(page, version).content.decode()


def test_who_has_seen_the_names_is_in_the_audit_log_for_each_board_that_is_sent(
    page: Client, byron: Ward, sarah: User
) -> None:
    patient = patient_on(byron)
    task = claimed(phone_call(patient), sarah)
    claimed_ward_task(byron, sarah)
    seen = AuditEvent.objects.filter(action="my_tasks.view", detail={"patients": [patient.pk]})
    version = re.search(r'"version": "(\w+)"', text_of(page, PAGE))
    assert version
    assert seen.count() == 1
    page.get("/my-tasks/board/", {"version": version[1]}, headers=HTMX)
    assert seen.count() == 1  # the open page shows them already
    page.get("/my-tasks/board/", headers=HTMX)
    click(page, task, "start", HTMX)
    assert seen.count() == 3


def test_nobody_is_noted_where_the_page_names_nobody(
    page: Client, byron: Ward, sarah: User
) -> None:
    claimed_ward_task(byron, sarah)
    text_of(page, PAGE)
    assert not AuditEvent.objects.filter(action="my_tasks.view").exists()


@pytest.mark.parametrize("number", [1, 20])
def test_it_takes_the_same_number_of_queries_whatever_the_rows(
    page: Client,
    sarah: User,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(number):
        ward = WardFactory.create()
        MembershipFactory.create(user=sarah, ward=ward)
        (bed,) = beds_on(ward, 1)
        patient = patient_on(ward, bed=bed)
        audit = AuditTaskFactory.create(ward=ward, guide=GuideFactory.create())
        for task in (phone_call(patient), tribunal(patient), audit):
            claimed(task, sarah)
        actions.complete(task=phone_call(patient), by=person(sarah), at=TEN)
    # Five of them note in the audit log who has seen the names.
    with django_assert_num_queries(14):
        page.get(PAGE)
    with django_assert_num_queries(13):
        page.get("/my-tasks/board/", headers=HTMX)
