"""A program adds a patient's task, which is in the diary and in SystmOne once, and lists them."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from systmone.models import Call, Gateway, SharedTask
from systmone.simulator import Simulator
from tasks.models import Task
from tests.factories import WardFactory, member_of
from tests.systmone.gateway.conftest import NHS_NUMBER, spoken
from wards.models import Stay

TASKS = "/api/systmone/tasks"


@pytest.fixture
def body() -> dict[str, str]:
    return {
        "nhsNumber": NHS_NUMBER,
        "title": "Phone the family",
        "dueOn": timezone.localdate().isoformat(),
        "category": "phone_call",
    }


@pytest.fixture
def sending(gateway: Gateway) -> Gateway:
    Gateway.objects.update(task_type="General Task")
    gateway.refresh_from_db()
    return gateway


def post(page: Client, body: dict[str, str], **headers: str) -> Any:
    return page.post(TASKS, body, content_type="application/json", headers=headers)


def test_a_task_is_added_sent_once_and_listed(
    page: Client, stay: Stay, sending: Gateway, simulator: Simulator, body: dict[str, str]
) -> None:
    first = post(page, body, **{"Idempotency-Key": "t1"})
    again = post(page, body, **{"Idempotency-Key": "t1"})
    assert (first.status_code, again.json()) == (202, first.json())
    task, call = Task.objects.get(), Call.objects.get()
    assert first.json() == {"callId": str(call.pk), "status": "queued", "taskId": task.public_id}
    assert first["Location"] == f"/api/systmone/calls/{call.pk}"
    spoken(sending, call)
    assert page.get(first["Location"]).json()["status"] == "succeeded"
    (listed,) = page.get(TASKS).json()["tasks"]
    assert listed == {
        "taskId": task.public_id,
        "ward": "Byron",
        "nhsNumber": NHS_NUMBER,
        "title": "Phone the family",
        "dueOn": body["dueOn"],
        "status": "open",
        "origin": "hub",
        "inSystmOne": None,
        "comparedAt": None,
        "conflict": None,
        "taskUid": None,
        "callId": str(call.pk),
        "callStatus": "succeeded",
    }
    seen = AuditEvent.objects.get(action="systmone_tasks.view")
    assert (seen.ward, seen.detail) == ("Byron", {"patients": [stay.patient_id]})


def test_the_same_key_with_another_task_is_refused(
    page: Client, stay: Stay, sending: Gateway, body: dict[str, str]
) -> None:
    post(page, body, **{"Idempotency-Key": "t1"})
    other = post(page, {**body, "title": "Write the report"}, **{"Idempotency-Key": "t1"})
    assert (other.status_code, other.json()["error"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert Task.objects.count() == 1


def test_where_no_type_is_set_there_is_no_task_either(
    page: Client, stay: Stay, gateway: Gateway, body: dict[str, str]
) -> None:
    answer = post(page, body)
    assert (answer.status_code, answer.json()["error"]) == (409, "NOT_PUSHED")
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    "change",
    [{"title": " "}, {"dueOn": "soon"}, {"category": "party"}, {"nhsNumber": "1"}, {"bed": "3"}],
)
def test_what_is_no_task_is_refused(
    page: Client, stay: Stay, sending: Gateway, body: dict[str, str], change: dict[str, str]
) -> None:
    answer = post(page, {**body, **change})
    assert (answer.status_code, answer.json()["error"]) == (422, "VALIDATION_ERROR")
    assert not Task.objects.exists()


def test_people_of_other_wards_neither_see_nor_add_one(
    page: Client, stay: Stay, sending: Gateway, body: dict[str, str]
) -> None:
    post(page, body)
    other = Client()
    other.force_login(member_of(WardFactory.create()))
    assert other.get(TASKS).json() == {"tasks": []}
    Stay.objects.update(ward=WardFactory.create())
    assert page.get(TASKS).json() == {"tasks": []}
    assert post(other, body).status_code == 404
    assert SharedTask.objects.count() == 1
