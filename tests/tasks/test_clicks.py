"""A click on a card, with and without JavaScript, and the page that stays open."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client

from tasks import actions
from tasks.models import TaskEvent
from tests.factories import (
    TaskFactory,
    member_of,
)
from tests.tasks.diary import HTMX, TEN, act, text_of
from wards.actors import person
from wards.models import User, Ward

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_in_the_morning")]


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
