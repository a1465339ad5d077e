"""The diary's tasks in the admin: added, cancelled with a reason, reopened, never edited."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from audit.models import AuditEvent
from tasks import actions
from tasks.models import Status, Task
from tasks.signals import tasks_generated
from tests.admin.pages import address, errors_on, filled_form
from tests.factories import TODAY, TaskFactory, completed, member_of
from wards.actors import person
from wards.models import User, Ward

pytestmark = pytest.mark.django_db

LIST = address(Task)
ADD = address(Task, "add")
AT_NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(AT_NOON, tick=False):
        yield


def add(client: Client, ward: Ward, **changes: Any) -> Any:
    data = {"ward": ward.pk, "title": "Fire drill", "shift": "late"}
    return client.post(ADD, filled_form(client, ADD) | data | changes)


class TestAdding:
    def test_a_task_stands_in_the_diary_with_its_history(
        self, byron: Ward, amina: User, ward_admin: Client
    ) -> None:
        told: list[set[int]] = []

        def hear(ward_ids: set[int], **_: Any) -> None:
            told.append(ward_ids)

        tasks_generated.connect(hear)
        assert add(ward_admin, byron, priority="3").status_code == 302
        task = Task.objects.get()
        assert (task.kind, task.due_on, task.priority, task.template) == ("ward", TODAY, 3, None)
        event = task.events.get()
        assert (event.action, event.by, event.source) == ("create", amina, "admin")
        audit = AuditEvent.objects.get(action="task.create")
        assert (audit.object_id, audit.ward, audit.source) == (task.public_id, "Byron", "admin")
        assert told == [{byron.pk}]
        assert "Fire drill" in ward_admin.get("/wards/byron/diary/").content.decode()

    def test_a_forged_ward_is_refused(self, shelley: Ward, ward_admin: Client) -> None:
        assert errors_on(add(ward_admin, shelley))
        assert not Task.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"shift": ""}, "This field is required."),
            ({"due_on": "26/01/2026"}, "This shift is over: choose a later shift or day."),
            ({"due_on": "9999-12-31"}, "less than or equal to"),
            ({"title": "\x00"}, "Null characters are not allowed."),
        ],
    )
    def test_what_cannot_be_is_an_error_on_the_form(
        self, changes: dict[str, Any], message: str, byron: Ward, ward_admin: Client
    ) -> None:
        assert message in errors_on(add(ward_admin, byron, **changes))[0]
        assert not Task.objects.exists()

    def test_a_status_cannot_be_forged(self, byron: Ward, ward_admin: Client) -> None:
        add(ward_admin, byron, status="completed", kind="appointment", version="7")
        task = Task.objects.get()
        assert (task.status, task.kind, task.version) == ("pending", "ward", 1)


class TestSeeing:
    def test_a_task_is_shown_with_what_happened_to_it(
        self, byron: Ward, amina: User, ward_admin: Client
    ) -> None:
        task = TaskFactory.create(ward=byron)
        sarah = member_of(byron, name="Sarah Johnson")
        actions.claim(task=task, by=person(sarah))
        actions.cancel(task=task, by=person(amina), reason="Not on Sundays")
        page = ward_admin.get(address(Task, "change", task)).content.decode()
        for word in ("claimed", "Sarah Johnson", "the diary", "cancelled", "Not on Sundays"):
            assert word in page

    def test_a_task_is_not_edited(self, byron: Ward, ward_admin: Client) -> None:
        task = TaskFactory.create(ward=byron)
        data = {"title": "Mine", "status": "completed"}
        assert ward_admin.post(address(Task, "change", task), data).status_code == 403


def run(client: Client, action: str, *tasks: Task, **more: Any) -> Any:
    selected = {"action": action, "_selected_action": [task.pk for task in tasks]}
    return client.post(LIST, selected | more, follow=True)


def cancel(client: Client, *tasks: Task, reason: str = "The lift is broken") -> Any:
    return run(client, "cancel_tasks", *tasks, reason=reason, **as_shown(*tasks))


def reopen(client: Client, *tasks: Task) -> Any:
    return run(client, "reopen_tasks", *tasks, **as_shown(*tasks))


def as_shown(*tasks: Task) -> dict[str, Any]:
    """What the page that asks sends back with its tasks."""
    versions = {f"seen_{task.pk}": task.version for task in tasks}
    return {"confirmed": "yes", **versions}


class TestCancelling:
    def test_the_reason_is_asked_first(self, byron: Ward, ward_admin: Client) -> None:
        task = TaskFactory.create(ward=byron)
        page = run(ward_admin, "cancel_tasks", task).content.decode()
        assert "Why is this not needed?" in page
        task.refresh_from_db()
        assert task.status == Status.PENDING

    def test_it_is_in_every_history(self, byron: Ward, amina: User, ward_admin: Client) -> None:
        tasks = TaskFactory.create_batch(2, ward=byron)
        response = cancel(ward_admin, *tasks)
        assert response.content.count(b"is cancelled.") == 2
        for task in tasks:
            task.refresh_from_db()
            assert (task.status, task.cancelled_reason) == ("cancelled", "The lift is broken")
            event = task.events.get()
            assert (event.by, event.source) == (amina, "admin")
            assert (
                b"Cancelled: The lift is broken"
                in ward_admin.get(address(Task, "history", task)).content
            )
        assert AuditEvent.objects.filter(action="task.cancel", source="admin").count() == 2

    def test_without_a_reason_nothing_is_cancelled(self, byron: Ward, ward_admin: Client) -> None:
        task = TaskFactory.create(ward=byron)
        assert errors_on(cancel(ward_admin, task, reason=" ")) == ["Say why this is cancelled."]
        task.refresh_from_db()
        assert task.status == Status.PENDING

    def test_a_task_that_changed_meanwhile_stays_and_the_others_do_not(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        stale, fresh = TaskFactory.create_batch(2, ward=byron)
        as_seen = Task.objects.get(pk=stale.pk)
        actions.start(task=stale, by=person(member_of(byron)))
        response = cancel(ward_admin, as_seen, fresh)
        assert "was not cancelled: somebody has changed it" in response.content.decode()
        stale.refresh_from_db()
        fresh.refresh_from_db()
        assert (stale.status, fresh.status) == (Status.IN_PROGRESS, Status.CANCELLED)

    def test_a_task_that_was_done_meanwhile_is_named(self, byron: Ward, ward_admin: Client) -> None:
        task = TaskFactory.create(ward=byron, due_on=date(2026, 1, 20))
        as_seen = Task.objects.get(pk=task.pk)
        actions.complete(task=task, by=person(member_of(byron)))
        assert b"was not cancelled" in cancel(ward_admin, as_seen).content

    def test_more_than_a_hundred_are_not_cancelled_at_once(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        TaskFactory.create_batch(101, ward=byron)
        response = run(ward_admin, "cancel_tasks", *Task.objects.all())
        assert len(response.context["lines"]) == 100
        assert b"At most 100 tasks at a time" in response.content

    def test_what_is_done_is_not_cancelled(self, byron: Ward, ward_admin: Client) -> None:
        task = completed(TaskFactory.create(ward=byron), member_of(byron))
        assert b"None of these is still to do." in run(ward_admin, "cancel_tasks", task).content

    def test_a_task_of_another_ward_is_out_of_reach(
        self, shelley: Ward, ward_admin: Client
    ) -> None:
        task = TaskFactory.create(ward=shelley)
        cancel(ward_admin, task)
        reopen(ward_admin, task)
        task.refresh_from_db()
        assert (task.status, task.version) == (Status.PENDING, 1)

    @pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
    def test_a_forged_version_changes_nothing(
        self, version: str, byron: Ward, ward_admin: Client
    ) -> None:
        task = TaskFactory.create(ward=byron)
        more = {"confirmed": "yes", f"seen_{task.pk}": version, "reason": "No"}
        assert run(ward_admin, "cancel_tasks", task, **more).status_code == 200
        task.refresh_from_db()
        assert task.status == Status.PENDING


class TestReopening:
    def test_the_tasks_are_shown_first(self, byron: Ward, ward_admin: Client) -> None:
        task = completed(TaskFactory.create(ward=byron), member_of(byron, name="Sarah Johnson"))
        page = run(ward_admin, "reopen_tasks", task).content.decode()
        assert "These will be to do again:" in page
        assert "(done by Sarah Johnson)" in page
        task.refresh_from_db()
        assert task.status == Status.COMPLETED

    def test_a_task_is_open_again(self, byron: Ward, ward_admin: Client) -> None:
        task = completed(TaskFactory.create(ward=byron), member_of(byron))
        assert b"is reopened." in reopen(ward_admin, task).content
        task.refresh_from_db()
        assert task.status == Status.PENDING
        assert AuditEvent.objects.filter(action="task.reopen").count() == 1
        assert b"Reopened" in ward_admin.get(address(Task, "history", task)).content

    def test_a_task_that_changed_meanwhile_stays_and_the_others_do_not(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        nurse = member_of(byron)
        stale, fresh = (
            actions.complete(task=TaskFactory.create(ward=byron), by=person(nurse))
            for _ in range(2)
        )
        as_seen = Task.objects.get(pk=stale.pk)
        actions.reopen(task=stale, by=person(nurse))
        actions.complete(task=stale, by=person(nurse))
        response = reopen(ward_admin, as_seen, fresh)
        assert "was not reopened: somebody has changed it" in response.content.decode()
        stale.refresh_from_db()
        fresh.refresh_from_db()
        assert (stale.status, fresh.status) == (Status.COMPLETED, Status.PENDING)

    def test_of_more_than_a_hundred_the_page_says_that_it_shows_the_first(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        TaskFactory.create_batch(101, ward=byron, status="cancelled", cancelled_reason="Closed")
        response = run(ward_admin, "reopen_tasks", *Task.objects.all())
        assert len(response.context["lines"]) == 100
        assert b"At most 100 tasks at a time: these are the first of 101." in response.content

    def test_an_open_task_stays_as_it_is(self, byron: Ward, ward_admin: Client) -> None:
        task = TaskFactory.create(ward=byron)
        page = run(ward_admin, "reopen_tasks", task).content
        assert b"None of these is done or cancelled." in page
        assert b"was not reopened" in reopen(ward_admin, task).content

    def test_the_page_of_a_task_offers_what_fits(self, byron: Ward, ward_admin: Client) -> None:
        task = TaskFactory.create(ward=byron)
        path = address(Task, "change", task)
        assert b"Cancel this task" in ward_admin.get(path).content
        completed(task, member_of(byron))
        assert b"Reopen this task" in ward_admin.get(path).content
