"""A patient's task goes to SystmOne once, and can be deleted there again."""

import pytest
from django.test import Client

from systmone import task_sending
from systmone.models import Call, Gateway, SharedTask, State
from systmone.simulator.documents import text_of
from tasks.models import Task
from tests.factories import WardFactory, member_of
from tests.systmone.gateway.conftest import befalls, spoken
from tests.systmone.gateway.desk import Desk, Read
from tests.threads import at_once
from wards.actors import person
from wards.models import User

BOTH = {"identifiers": ["QUILL, Beatrice, born 01 Jan 1980", "NHS number 943 476 5919"]}
UPDATE = "function=UpdatePatientRecord"

pytestmark = pytest.mark.usefixtures("by_day")


class TestSending:
    def test_a_task_is_shown_confirmed_sent_and_seen_to_arrive(
        self, client: Client, task: Task, sending: Gateway, desk: Desk, read: Read
    ) -> None:
        client.force_login(User.objects.get(name="Sarah Johnson"))
        page, push = f"/tasks/{task.public_id}/", f"/tasks/{task.public_id}/systmone/"
        assert "Push to SystmOne" in client.get(page).content.decode()
        preview = client.get(push).content.decode()
        assert "Phone the family\nAbout leave" in preview
        assert client.post(push, {}).status_code == 422
        client.post(push, BOTH)
        call = spoken(sending, Call.objects.get())
        assert call.state == State.SUCCEEDED
        (sent,) = desk.tasks
        assert call.reference in text_of(sent, "Content")
        assert text_of(sent, "TaskType") == "General Task"
        assert "Sent to SystmOne at" in client.get(page).content.decode()
        read()
        shown = client.get(page).content.decode()
        assert "Sent to SystmOne, open there, compared" in shown
        assert Task.objects.count() == 1  # it does not come back as another one

    @pytest.mark.parametrize("fault", ["no-answer-after-commit", "no-answer-before-commit"])
    def test_whatever_befalls_it_it_is_there_once(
        self, task: Task, sending: Gateway, desk: Desk, sarah: User, fault: str
    ) -> None:
        befalls(desk.simulator, f"{fault},{UPDATE},count=1")
        call = spoken(sending, task_sending.push(task=task, by=person(sarah)))
        assert (call.state, len(call.uids), len(desk.tasks)) == (State.SUCCEEDED, 1, 1)

    def test_pushed_by_three_at_once_it_is_one_call(
        self, task: Task, sending: Gateway, sarah: User
    ) -> None:
        at_once(*[lambda: task_sending.push(task=task, by=person(sarah))] * 3)
        assert (Call.objects.count(), SharedTask.objects.count()) == (1, 1)

    def test_it_is_deleted_from_systmone_and_stays_open_here(
        self, client: Client, task: Task, sending: Gateway, desk: Desk, read: Read
    ) -> None:
        sarah = User.objects.get(name="Sarah Johnson")
        client.force_login(sarah)
        call = spoken(sending, task_sending.push(task=task, by=person(sarah)))
        read()
        client.post(f"/tasks/{task.public_id}/systmone/delete/", {"reason": "Wrong patient"})
        spoken(sending, call.withdrawn_by.get())
        assert not desk.tasks
        read()
        task.refresh_from_db()
        assert task.is_open
        assert not SharedTask.objects.exists()
        again = task_sending.push(task=task, by=person(sarah))
        assert spoken(sending, again).state == State.SUCCEEDED
        assert len(desk.tasks) == 1

    def test_without_a_type_nothing_is_offered(
        self, client: Client, sarah: User, task: Task
    ) -> None:
        Gateway.objects.update(task_type="")
        client.force_login(sarah)
        assert "SystmOne" not in client.get(f"/tasks/{task.public_id}/").content.decode()

    def test_people_of_other_wards_see_nothing(self, client: Client, task: Task) -> None:
        client.force_login(member_of(WardFactory.create()))
        for path in ("", "state/", "delete/"):
            assert client.get(f"/tasks/{task.public_id}/systmone/{path}").status_code == 404
