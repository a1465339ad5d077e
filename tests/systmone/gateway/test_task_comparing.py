"""A task here and in SystmOne: what changed on one side, and on both."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from systmone import task_sending
from systmone.models import Gateway, SharedTask
from systmone.simulator import Simulator
from systmone.simulator.documents import Element
from tasks import actions, creation
from tasks.models import CategoryRule, Status, Task
from tests.systmone.gateway.conftest import befalls, spoken
from tests.systmone.gateway.desk import Desk, Read
from wards.actors import person
from wards.models import Stay, User, Ward

pytestmark = pytest.mark.usefixtures("by_day")


@pytest.fixture
def known(desk: Desk, read: Read) -> tuple[Task, Element]:
    """A task that was entered in SystmOne, and stands in the diary."""
    entered = desk.enter("Ask pharmacy about the depot date")
    read()
    return Task.objects.get(), entered


class TestComparing:
    def test_done_there_it_is_done_here_and_opened_again_it_is_open_again(
        self, known: tuple[Task, Element], desk: Desk, read: Read
    ) -> None:
        task, entered = known
        desk.complete(entered)
        read()
        task.refresh_from_db()
        assert (task.status, task.completed_by_name) == (Status.COMPLETED, "SystmOne")
        desk.open_again(entered)
        read()
        task.refresh_from_db()
        assert task.status == Status.PENDING
        assert SharedTask.objects.get().conflict == ""

    def test_done_here_it_stays_done_and_says_that_it_is_open_there(
        self, known: tuple[Task, Element], read: Read, client: Client, sarah: User
    ) -> None:
        task, _ = known
        actions.complete(task=task, by=person(sarah))
        read()
        task.refresh_from_db()
        assert task.status == Status.COMPLETED
        client.force_login(sarah)
        shown = client.get(f"/tasks/{task.public_id}/").content.decode()
        assert "From SystmOne, open there, compared" in shown
        assert "Still open in SystmOne: close it there" in shown

    def test_called_off_here_and_done_there_it_is_done_and_the_conflict_is_shown(
        self, known: tuple[Task, Element], desk: Desk, read: Read, client: Client, sarah: User
    ) -> None:
        task, entered = known
        actions.cancel(task=task, by=person(sarah), reason="Not needed.")
        desk.complete(entered)
        for _ in range(2):
            read()
        task.refresh_from_db()
        assert task.status == Status.COMPLETED
        client.force_login(sarah)
        shown = client.get(f"/tasks/{task.public_id}/").content.decode()
        assert "Called off here, and meanwhile done in SystmOne: done" in shown

    def test_a_reading_that_fails_completes_nothing(
        self, known: tuple[Task, Element], desk: Desk, read: Read, simulator: Simulator
    ) -> None:
        task, entered = known
        desk.complete(entered)
        befalls(simulator, "permanent-error,function=GetPatientRecord,count=1")
        read()
        task.refresh_from_db()
        assert task.is_open

    def test_one_that_waits_for_its_absent_patient_is_compared_later(
        self, known: tuple[Task, Element], desk: Desk, read: Read, byron: Ward
    ) -> None:
        task, entered = known
        CategoryRule.objects.create(
            ward=byron,
            category=task.category,
            is_offered=True,
            carries_over=True,
            pauses_in_absence=True,
        )
        Stay.objects.update(status="absent")
        desk.complete(entered)
        read()
        task.refresh_from_db()
        assert task.is_open
        Stay.objects.update(status="active")
        read()
        task.refresh_from_db()
        assert task.status == Status.COMPLETED


def shown_on_card(client: Client, task: Task) -> str:
    client.force_login(User.objects.get(name="Sarah Johnson"))
    return client.get(f"/tasks/{task.public_id}/").content.decode()


class TestWords:
    def test_what_changed_there_changes_here_and_the_history_says_so(
        self, known: tuple[Task, Element], desk: Desk, read: Read
    ) -> None:
        task, entered = known
        day = timezone.localdate() + timedelta(days=3)
        desk.change(entered, "Ask pharmacy about the dose")
        desk.put_off(entered, day)
        read()
        task.refresh_from_db()
        assert (task.title, task.due_on) == ("Ask pharmacy about the dose", day)
        assert [event.source for event in task.events.filter(action="edit")] == ["systmone"]
        assert SharedTask.objects.get().conflict == ""

    def test_what_changed_here_stays_and_the_card_says_what_systmone_has(
        self, known: tuple[Task, Element], read: Read, client: Client, sarah: User
    ) -> None:
        task, _ = known
        creation.edit(task=task, by=person(sarah), title="Ask the pharmacist")
        read()
        task.refresh_from_db()
        assert task.title == "Ask the pharmacist"
        assert "Changed here, SystmOne still has another title" in shown_on_card(client, task)

    def test_what_changed_on_both_sides_is_taken_from_systmone_and_said(
        self, known: tuple[Task, Element], desk: Desk, read: Read, client: Client, sarah: User
    ) -> None:
        task, entered = known
        creation.edit(task=task, by=person(sarah), title="Ask the pharmacist")
        desk.change(entered, "Ask pharmacy about the dose")
        for _ in range(2):
            read()
        task.refresh_from_db()
        assert task.title == "Ask pharmacy about the dose"
        shown = shown_on_card(client, task)
        assert "Here it was: title “Ask the pharmacist”" in shown
        assert "SystmOne still has another" not in shown

    def test_a_sent_task_that_is_changed_here_says_that_systmone_has_it_as_it_was(
        self, task: Task, sending: Gateway, read: Read, client: Client, sarah: User
    ) -> None:
        spoken(sending, task_sending.push(task=task, by=person(sarah)))
        read()
        assert "as it was" not in shown_on_card(client, task)
        creation.edit(task=task, by=person(sarah), title="Phone the sister")
        read()
        shown = shown_on_card(client, task)
        assert "Changed here, SystmOne still has another title" in shown
        assert "delete it from SystmOne and push it again" in shown

    def test_a_sent_task_follows_its_day_and_says_that_its_text_was_changed_there(
        self, *, task: Task, sending: Gateway, desk: Desk, read: Read, client: Client, sarah: User
    ) -> None:
        spoken(sending, task_sending.push(task=task, by=person(sarah)))
        read()
        (sent,) = desk.tasks
        day = timezone.localdate() + timedelta(days=3)
        desk.put_off(sent, day)
        desk.change(sent, "Phone nobody")
        read()
        task.refresh_from_db()
        assert (task.title, task.due_on) == ("Phone the family", day)
        assert "Its text was changed in SystmOne: read it there" in shown_on_card(client, task)

    def test_one_that_is_done_here_is_left_as_it_is(
        self, known: tuple[Task, Element], desk: Desk, read: Read, sarah: User
    ) -> None:
        task, entered = known
        actions.complete(task=task, by=person(sarah))
        desk.change(entered, "Ask pharmacy about the dose")
        read()
        task.refresh_from_db()
        assert (task.title, task.status) == ("Ask pharmacy about the depot date", "completed")
