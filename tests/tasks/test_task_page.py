"""The page of one task, and calling it off."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tasks import actions
from tasks.models import Task
from tests.factories import (
    TaskFactory,
    WardFactory,
    member_of,
)
from tests.tasks.diary import TEN, act, text_of
from tests.tasks.patients import CLERK, patient_on, phone_call
from wards import moves
from wards.actors import person
from wards.models import Role, Stay, User, Ward

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_in_the_morning")]


class TestTheTaskPage:
    def test_tells_the_tasks_history(self, page: Client, byron: Ward, sarah: User) -> None:
        task = TaskFactory.create(ward=byron)
        actions.claim(task=task, by=person(sarah), at=TEN)
        text = text_of(page, f"/tasks/{task.public_id}/")
        assert "<strong>Claimed</strong> by Sarah Johnson, Tue 27 Jan, 10:00" in text
        assert task.public_id in text


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
        assert f'id="reopen-{task.public_id}"' in text_of(client, f"/tasks/{task.public_id}/")
        assert act(client, task, "reopen", version=2).status_code == 302
        assert f'id="reopen-{task.public_id}"' not in text_of(client, f"/tasks/{task.public_id}/")

    def test_is_not_undone_after_the_patient_has_gone(self, client: Client, byron: Ward) -> None:
        client.force_login(member_of(byron, role=Role.WARD_ADMIN))
        task = phone_call(patient_on(byron))
        actions.cancel(task=task, by=CLERK, reason="Not needed")
        button, address = f'id="reopen-{task.public_id}"', f"/tasks/{task.public_id}/"
        assert button in text_of(client, address)
        moves.transfer(
            stay=Stay.objects.get(patient=task.patient), to=WardFactory.create(), by=CLERK
        )
        assert button not in text_of(client, address)

    def test_of_a_task_that_changed_meanwhile_says_so(self, client: Client, byron: Ward) -> None:
        client.force_login(member_of(byron, role=Role.WARD_ADMIN))
        task = TaskFactory.create(ward=byron, version=2)
        response = self.cancel(client, task, reason="Not needed")
        assert "Nothing was changed" in text_of(client, response["Location"])
