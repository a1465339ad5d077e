"""What a person sees in the diary, with and without JavaScript."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tasks import actions
from tasks.models import AuditType, Shift, Status, Task, TaskEvent
from tests.factories import (
    TODAY,
    AuditTaskFactory,
    GuideFactory,
    TaskFactory,
    UserFactory,
    WardFactory,
    member_of,
)
from wards.actors import person
from wards.models import Role, User, Ward

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
TEN = datetime(2026, 1, 27, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_ten_in_the_morning() -> Iterator[None]:
    with time_machine.travel(TEN, tick=False):
        yield


@pytest.fixture
def byron() -> Ward:
    return WardFactory.create(name="Byron")


@pytest.fixture
def sarah(byron: Ward) -> User:
    return member_of(byron, name="Sarah Johnson")


@pytest.fixture
def page(client: Client, sarah: User, settings: Settings) -> Client:
    settings.SESSION_COOKIE_AGE = 7 * 24 * 60 * 60  # these tests travel further than a shift
    client.force_login(sarah)
    return client


def text_of(client: Client, path: str = "/wards/byron/diary/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def act(
    client: Client,
    task: Task,
    action: str,
    *,
    version: int = 1,
    headers: Mapping[str, str] | None = None,
) -> "Answer":
    data = {"action": action, "version": version, "day": "2026-01-27", "follows_the_clock": "on"}
    return client.post(f"/tasks/{task.public_id}/act/", data, headers=headers)


class TestFindingTheDiary:
    def test_a_stranger_is_sent_to_sign_in(self, client: Client, byron: Ward) -> None:
        response = client.get("/wards/byron/diary/")
        assert response.status_code == 302
        assert response["Location"] == "/account/sign-in/?next=/wards/byron/diary/"

    def test_an_open_page_whose_session_ended_leaves_for_sign_in(
        self, client: Client, byron: Ward
    ) -> None:
        response = client.get("/wards/byron/diary/board/", headers=HTMX)
        assert response["HX-Redirect"].startswith("/account/sign-in/")

    def test_a_click_whose_session_ended_leads_after_the_sign_in_to_the_task(
        self, client: Client, byron: Ward
    ) -> None:
        task = TaskFactory.create(ward=byron)
        sign_in = act(client, task, "complete")["Location"]
        address = f"/tasks/{task.public_id}/act/"
        assert sign_in == f"/account/sign-in/?next={address}"

        client.force_login(member_of(byron))
        assert client.get(address)["Location"] == f"/tasks/{task.public_id}/"
        task.refresh_from_db()
        assert task.status == Status.PENDING

    def test_the_front_page_leads_to_the_ward_looked_at_last(
        self, client: Client, byron: Ward
    ) -> None:
        shelley = WardFactory.create(name="Shelley")
        client.force_login(member_of(byron, shelley))
        assert client.get("/")["Location"] == "/wards/byron/diary/"
        client.get("/wards/shelley/diary/")
        assert client.get("/")["Location"] == "/wards/shelley/diary/"

    def test_a_person_without_a_ward_is_told_whom_to_ask(self, client: Client) -> None:
        client.force_login(UserFactory.create())
        assert "Ask the ward manager" in text_of(client, "/")

    def test_another_ward_does_not_exist(self, page: Client) -> None:
        WardFactory.create(name="Shelley")
        assert page.get("/wards/shelley/diary/").status_code == 404
        assert page.get("/wards/shelley/diary/board/?day=2026-01-27").status_code == 404

    @pytest.mark.parametrize("day", ["2026-02-30", "1999-12-31", "9999-12-31", "0001-01-01"])
    def test_an_impossible_day_is_no_page(self, page: Client, day: str) -> None:
        assert page.get(f"/wards/byron/diary/{day}/").status_code == 404


class TestTheDay:
    @pytest.mark.parametrize(
        ("now", "title", "order"),
        [
            ("2026-01-27 10:00", "Tuesday 27 January 2026", ["Early", "Late", "Night"]),
            ("2026-01-27 14:15", "Tuesday 27 January 2026", ["Late", "Night", "Early"]),
            ("2026-01-27 22:00", "Tuesday 27 January 2026", ["Night", "Early", "Late"]),
            ("2026-01-28 02:00", "Tuesday 27 January 2026", ["Night", "Early", "Late"]),
            ("2026-01-28 07:10", "Wednesday 28 January 2026", ["Early", "Late", "Night"]),
        ],
    )
    def test_the_shift_on_duty_comes_first(
        self, page: Client, now: str, title: str, order: list[str]
    ) -> None:
        with time_machine.travel(datetime.fromisoformat(f"{now}+00:00"), tick=False):
            text = text_of(page)
        assert title in text
        places = [text.index(f'id="shift-{shift.lower()}"') for shift in order]
        assert places == sorted(places)
        assert ">Now<" in text[: places[1]]

    def test_the_shift_that_hands_over_says_so(self, page: Client) -> None:
        with time_machine.travel(datetime(2026, 1, 27, 14, 15, tzinfo=UTC), tick=False):
            assert "Handing over" in text_of(page)

    def test_another_day_has_no_current_shift_and_leads_back_to_today(self, page: Client) -> None:
        text = text_of(page, "/wards/byron/diary/2026-01-20/")
        assert ">Now<" not in text
        assert ">Today</a>" in text

    def test_urgent_work_stands_before_routine_work(self, page: Client, byron: Ward) -> None:
        TaskFactory.create(ward=byron, title="A routine round", priority=1)
        TaskFactory.create(ward=byron, title="The urgent round", priority=3)
        text = text_of(page)
        assert text.index("The urgent round") < text.index("A routine round")

    def test_an_audit_links_its_guide_and_the_dashboard(self, page: Client, byron: Ward) -> None:
        guide = GuideFactory.create(slug="fridge-temps", title="Check the fridge")
        AuditTaskFactory.create(ward=byron, guide=guide)
        text = text_of(page)
        assert 'href="/guides/fridge-temps/"' in text
        assert "assurance-dashboard?audit=fridge_temps&amp;ward=Byron" in text

    def test_titles_are_shown_as_written(self, page: Client, byron: Ward) -> None:
        TaskFactory.create(ward=byron, title="<b>Keys</b> & alarms")
        assert "&lt;b&gt;Keys&lt;/b&gt; &amp; alarms" in text_of(page)


class TestWorkThatWasNotDone:
    def test_it_is_overdue_when_its_shift_has_ended(self, page: Client, byron: Ward) -> None:
        TaskFactory.create(ward=byron)
        assert "Overdue" not in text_of(page)
        with time_machine.travel(datetime(2026, 1, 27, 14, 30, tzinfo=UTC), tick=False):
            assert "due by 14:30" in text_of(page)

    @pytest.mark.parametrize(
        ("now", "column"),
        [
            ("2026-01-27 14:15", "early"),  # its shift is still handing over
            ("2026-01-27 14:30", "late"),
            ("2026-01-27 21:45", "night"),
            ("2026-01-28 10:00", "early"),  # the next day
        ],
    )
    def test_with_carry_over_it_stands_in_the_shift_on_duty(
        self, page: Client, byron: Ward, now: str, column: str
    ) -> None:
        TaskFactory.create(ward=byron, title="Clean the clinic", carry_over=True)
        with time_machine.travel(datetime.fromisoformat(f"{now}+00:00"), tick=False):
            text = text_of(page)
        assert text.count(">Clean the clinic</a>") == 1
        section = text[text.index(f'id="shift-{column}"') :].split("</section>")[0]
        assert "Clean the clinic" in section

    @pytest.mark.parametrize("carry_over", [True, False])
    def test_of_last_night_it_stands_once_in_the_morning_while_the_night_hands_over(
        self, page: Client, byron: Ward, *, carry_over: bool
    ) -> None:
        TaskFactory.create(ward=byron, title="Bed state", shift="night", carry_over=carry_over)
        with time_machine.travel(datetime(2026, 1, 28, 7, 10, tzinfo=UTC), tick=False):
            early = text_of(page).split("</section>")[0]
            assert text_of(page).count(">Bed state</a>") == 1
        assert ">Bed state</a>" in early
        assert "due by 07:30" in early
        assert "Overdue" not in early

    def test_without_carry_over_it_stays_where_it_was_due(self, page: Client, byron: Ward) -> None:
        TaskFactory.create(ward=byron, title="Clean the clinic")
        with time_machine.travel(datetime(2026, 1, 28, 10, 0, tzinfo=UTC), tick=False):
            assert "Clean the clinic" not in text_of(page)
            assert "Overdue" in text_of(page, "/wards/byron/diary/2026-01-27/")

    def test_carried_over_work_that_is_done_is_not_carried_further(
        self, page: Client, byron: Ward
    ) -> None:
        task = TaskFactory.create(ward=byron, due_on=date(2026, 1, 26), carry_over=True)
        act(page, task, "complete")
        with time_machine.travel(datetime(2026, 1, 28, 10, 0, tzinfo=UTC), tick=False):
            assert f'id="{task.public_id}"' not in text_of(page)

    def test_of_yesterday_it_stays_on_the_page_with_its_undo_when_it_is_done(
        self, page: Client, byron: Ward
    ) -> None:
        task = TaskFactory.create(ward=byron, due_on=date(2026, 1, 26), carry_over=True)
        act(page, task, "complete")
        early = text_of(page).split("</section>")[0]
        assert f'id="reopen-{task.public_id}"' in early


class TestAClick:
    @pytest.mark.parametrize(
        ("action", "sentence", "status"),
        [
            ("claim", "You have claimed Safety huddle.", "pending"),
            ("start", "You have started Safety huddle.", "in_progress"),
            ("complete", "Safety huddle is done.", "completed"),
        ],
    )
    def test_without_javascript_leads_back_to_the_diary(
        self, page: Client, byron: Ward, action: str, sentence: str, status: str
    ) -> None:
        task = TaskFactory.create(ward=byron)
        response = act(page, task, action)
        assert response.status_code == 302
        assert response["Location"] == (
            f"/wards/byron/diary/?show={task.public_id}#{task.public_id}"
        )
        assert sentence in text_of(page, response["Location"])
        task.refresh_from_db()
        assert task.status == status

    def test_with_htmx_answers_the_board_and_an_undo(self, page: Client, byron: Ward) -> None:
        task = TaskFactory.create(ward=byron)
        response = act(page, task, "complete", headers=HTMX)
        assert response.status_code == 200
        assert response["HX-Push-Url"] == "false"
        text = response.content.decode()
        assert "<html" not in text
        assert f'id="undo-{task.public_id}"' in text

    def test_undo_reopens(self, page: Client, byron: Ward) -> None:
        task = TaskFactory.create(ward=byron)
        act(page, task, "complete", headers=HTMX)
        assert act(page, task, "reopen", version=2, headers=HTMX).status_code == 200
        task.refresh_from_db()
        assert (task.status, task.completed_by_name) == ("pending", "")

    def test_on_a_stale_page_changes_nothing_and_says_who_was_first(
        self, page: Client, byron: Ward
    ) -> None:
        task = TaskFactory.create(ward=byron)
        colleague = member_of(byron, name="Amir Hussain")
        actions.claim(task=task, by=person(colleague), at=TEN)
        response = act(page, task, "claim", headers=HTMX)
        assert response.status_code == 409
        text = response.content.decode()
        assert "Safety huddle was claimed by Amir Hussain at 10:00." in text
        assert "Take over" in text
        task.refresh_from_db()
        assert task.claimed_by == colleague
        assert TaskEvent.objects.filter(task=task).count() == 1

    def test_on_a_stale_page_without_javascript_says_so_too(
        self, page: Client, byron: Ward
    ) -> None:
        task = TaskFactory.create(ward=byron, version=4)
        response = act(page, task, "complete", version=3)
        assert "Nothing was changed" in text_of(page, response["Location"])

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"action": "complete"},
            {"action": "explode", "version": "1", "day": "2026-01-27"},
            {"action": "cancel", "version": "1", "day": "2026-01-27"},
            {"action": "complete", "version": "one", "day": "2026-01-27"},
            {"action": "complete", "version": "1", "day": "9999-12-31"},
            {"action": "complete", "version": "99999999999999999999", "day": "2026-01-27"},
        ],
    )
    def test_that_cannot_be_read_changes_nothing(
        self, page: Client, byron: Ward, data: dict[str, str]
    ) -> None:
        task = TaskFactory.create(ward=byron)
        response = page.post(f"/tasks/{task.public_id}/act/", data)
        assert response.status_code == 400
        assert "Nothing was changed" in response.content.decode()
        assert not TaskEvent.objects.exists()

    @pytest.mark.parametrize("public_id", ["wt", "wt0", "wtx", "pt1", "xx1", "wt" + "9" * 40])
    def test_on_a_task_that_does_not_exist_finds_nothing(
        self, page: Client, public_id: str
    ) -> None:
        assert page.get(f"/tasks/{public_id}/").status_code == 404

    def test_on_another_wards_task_finds_nothing(self, page: Client) -> None:
        task = TaskFactory.create()
        assert act(page, task, "complete").status_code == 404
        assert page.get(f"/tasks/{task.public_id}/").status_code == 404
        task.refresh_from_db()
        assert task.version == 1

    def test_needs_the_form_token(self, byron: Ward, sarah: User) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(sarah)
        response = act(strict, TaskFactory.create(ward=byron), "complete")
        assert response.status_code == 403
        assert "open for too long" in response.content.decode()


class TestAnOpenPage:
    def refresh(self, page: Client, version: str = "", **more: str) -> "Answer":
        query = {"day": "2026-01-27", "version": version, **more}
        return page.get("/wards/byron/diary/board/", query, headers=HTMX)

    def version_shown(self, page: Client) -> str:
        found = re.search(r'"version": "(\w+)"', text_of(page))
        assert found
        return found[1]

    def test_is_told_that_nothing_changed(self, page: Client, byron: Ward) -> None:
        TaskFactory.create(ward=byron)
        assert self.refresh(page, self.version_shown(page)).status_code == 204

    def test_gets_the_board_when_a_colleague_acts(self, page: Client, byron: Ward) -> None:
        task = TaskFactory.create(ward=byron)
        version = self.version_shown(page)
        actions.complete(task=task, by=person(member_of(byron, name="Amir Hussain")), at=TEN)
        response = self.refresh(page, version)
        assert response.status_code == 200
        assert "Amir Hussain" in response.content.decode()

    def test_gets_the_board_when_the_shift_ends(self, page: Client, byron: Ward) -> None:
        TaskFactory.create(ward=byron)
        version = self.version_shown(page)
        with time_machine.travel(datetime(2026, 1, 27, 14, 30, tzinfo=UTC), tick=False):
            assert "Overdue" in self.refresh(page, version).content.decode()

    def test_moves_on_to_the_next_day_with_the_clock(self, page: Client) -> None:
        version = self.version_shown(page)
        with time_machine.travel(datetime(2026, 1, 28, 7, 0, tzinfo=UTC), tick=False):
            response = self.refresh(page, version, follows_the_clock="on")
            assert response["HX-Refresh"] == "true"
            assert "HX-Refresh" not in self.refresh(page, version)

    def test_that_asks_nonsense_is_refused(self, page: Client, byron: Ward) -> None:
        response = page.get("/wards/byron/diary/board/", {"day": "yesterday"}, headers=HTMX)
        assert response.status_code == 400


class TestCancelling:
    def cancel(self, client: Client, task: Task, **data: str) -> "Answer":
        return client.post(f"/tasks/{task.public_id}/cancel/", {"version": "1", **data})

    def test_is_for_those_who_run_the_ward(self, page: Client, byron: Ward) -> None:
        task = TaskFactory.create(ward=byron)
        assert self.cancel(page, task, reason="Not needed").status_code == 403
        assert "Cancel this task" not in text_of(page, f"/tasks/{task.public_id}/")

    def test_takes_a_reason(self, client: Client, byron: Ward) -> None:
        client.force_login(member_of(byron, role=Role.WARD_ADMIN))
        task = TaskFactory.create(ward=byron)
        refused = self.cancel(client, task, reason=" ")
        assert refused.status_code == 422
        assert "Say why the task is cancelled." in refused.content.decode()
        response = self.cancel(client, task, reason="The fridge is being replaced")
        assert "Safety huddle is cancelled." in text_of(client, response["Location"])
        assert "The fridge is being replaced" in text_of(client, f"/tasks/{task.public_id}/")

    def test_is_undone_by_those_who_run_the_ward_only(
        self, client: Client, byron: Ward, sarah: User
    ) -> None:
        client.force_login(member_of(byron, role=Role.WARD_ADMIN))
        task = TaskFactory.create(ward=byron)
        self.cancel(client, task, reason="Not needed")
        nurse = Client()
        nurse.force_login(sarah)
        assert f'id="reopen-{task.public_id}"' not in text_of(nurse)
        assert act(nurse, task, "reopen", version=2).status_code == 403
        assert act(client, task, "reopen", version=2).status_code == 302

    def test_of_a_task_that_changed_meanwhile_says_so(self, client: Client, byron: Ward) -> None:
        client.force_login(member_of(byron, role=Role.WARD_ADMIN))
        task = TaskFactory.create(ward=byron, version=2)
        response = self.cancel(client, task, reason="Not needed")
        assert "Nothing was changed" in text_of(client, response["Location"])


class TestTheTaskPage:
    def test_tells_the_tasks_history(self, page: Client, byron: Ward, sarah: User) -> None:
        task = TaskFactory.create(ward=byron)
        actions.claim(task=task, by=person(sarah), at=TEN)
        text = text_of(page, f"/tasks/{task.public_id}/")
        assert "<strong>Claimed</strong> by Sarah Johnson, Tue 27 Jan, 10:00" in text
        assert task.public_id in text


@pytest.mark.parametrize("number", [3, 60])
def test_the_diary_takes_the_same_number_of_queries_whatever_the_rows(
    page: Client,
    byron: Ward,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for place in range(number):
        shift = list(Shift)[place % 3]
        guide = GuideFactory.create()
        task = AuditTaskFactory.create(
            ward=byron, shift=shift, guide=guide, audit_type=AuditType.WALKAROUND
        )
        if place % 2:
            actions.claim(task=task, by=person(member_of(byron)), at=TEN)
    page.get("/wards/byron/diary/")  # the session now knows the ward
    with django_assert_num_queries(9):
        page.get("/wards/byron/diary/")
    with django_assert_num_queries(5):
        page.get("/wards/byron/diary/board/", {"day": TODAY.isoformat()}, headers=HTMX)


class TestEveryPage:
    def test_is_kept_out_of_caches_and_frames(self, page: Client) -> None:
        response = page.get("/wards/byron/diary/")
        assert response["Cache-Control"] == "no-store"
        assert response["X-Frame-Options"] == "DENY"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"

    def test_runs_only_scripts_that_carry_the_pages_nonce(self, page: Client) -> None:
        response = page.get("/wards/byron/diary/")
        policy = response["Content-Security-Policy"]
        nonce = policy.split("'nonce-")[1].split("'")[0]
        text = response.content.decode()
        assert text.count("<script") == text.count(f'nonce="{nonce}"')
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy

    def test_turns_dark_and_bright_again(self, page: Client) -> None:
        assert "hub-night" not in text_of(page).split("<head>")[0]
        page.post("/night-mode/", {"next": "/wards/byron/diary/"})
        assert "hub-night" in text_of(page).split("<head>")[0]
        page.post("/night-mode/", {"next": "/wards/byron/diary/"})
        assert "hub-night" not in text_of(page).split("<head>")[0]

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:1"])
    def test_never_leads_to_another_site(self, page: Client, target: str) -> None:
        assert page.post("/night-mode/", {"next": target})["Location"] == "/"
