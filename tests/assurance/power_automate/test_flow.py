"""What the flow does, run against the real API: the audit of the guide completes its task."""

from typing import Any

import pytest

from assurance.models import SyncEvent
from audit.models import AuditEvent
from tasks.models import Status, Task, TaskEvent
from tests.assurance.posting import Byron, new_client
from tests.assurance.power_automate.conftest import (
    RunFlow,
    flow_of_package,
    flow_of_solution,
)
from tests.assurance.power_automate.flow_runner import Answer, Json, Run, Send
from tests.factories import AuditTaskFactory, WardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(byron: Byron) -> Task:
    return AuditTaskFactory.create(ward=byron.ward)


def test_the_payload_of_the_guide_completes_its_task(
    task: Task, byron: Byron, run_flow: RunFlow
) -> None:
    run = run_flow()

    task.refresh_from_db()
    assert (task.status, task.completed_by) == (Status.COMPLETED, byron.sarah)
    event = SyncEvent.objects.get()
    assert event.audit_id == "audit-12345"
    assert event.values == {"currentTemp": 4.2, "minTemp": 3.8, "maxTemp": 5.1, "inRange": True}
    assert run.status == "Succeeded"
    assert run.outputs["Log_completed"] == {
        "outcome": "completed",
        "taskId": task.public_id,
        "message": "Task marked complete",
        "syncedAt": run.outputs["Post_to_the_Hub"]["body"]["syncedAt"],
    }
    assert run.steps["Log_failed"] == "Skipped"


def test_the_flow_of_the_package_does_the_same(
    kit: dict[str, bytes], task: Task, byron: Byron, payload: Any, send: Send
) -> None:
    flow = flow_of_package(kit)
    flow["actions"]["Hub_API_key"]["inputs"] = byron.key  # as the engineer pastes it

    run = Run(flow, payload, send)

    task.refresh_from_db()
    assert (task.status, run.status) == (Status.COMPLETED, "Succeeded")
    assert "parameters(" not in str(flow)


def test_only_the_fields_of_the_contract_reach_the_hub(task: Task, run_flow: RunFlow) -> None:
    run_flow()
    sent = SyncEvent.objects.get().payload
    assert "sarah.johnson" not in sent
    assert "notes" not in sent
    assert "dashboardUrl" not in sent


@pytest.mark.parametrize("left_out", ["values", "notes", "dashboardUrl"])
def test_optional_fields_may_be_missing_or_null(
    task: Task, run_flow: RunFlow, payload: Any, left_out: str
) -> None:
    del payload["audit"][left_out]
    assert run_flow(payload).status == "Succeeded"
    payload["audit"] |= {left_out: None, "id": "audit-2"}
    assert run_flow(payload).status == "Succeeded"


def test_a_run_that_is_tried_again_and_again_completes_the_task_once(
    task: Task, run_flow: RunFlow, send: Send
) -> None:
    requests: list[Json] = []

    def send_and_lose_the_first_answers(request: Json) -> Answer:
        requests.append(request)
        answer = send(request)
        return answer if len(requests) == 3 else (504, None)

    run = run_flow(send=send_and_lose_the_first_answers)
    run_flow()

    assert run.status == "Succeeded"
    assert len(requests) == 3
    assert len({request["headers"]["Idempotency-Key"] for request in requests}) == 1
    assert TaskEvent.objects.filter(task=task, action="complete").count() == 1
    assert AuditEvent.objects.filter(action="task.complete").count() == 1
    assert SyncEvent.objects.first_of_each_audit().count() == 1


def test_a_later_correction_of_an_audit_is_another_request(run_flow: RunFlow, payload: Any) -> None:
    keys = []

    def send(request: Json) -> Answer:
        keys.append(request["headers"]["Idempotency-Key"])
        return 503, None

    run_flow(payload, send=send)
    payload["timestamp"] = "2026-01-27T09:00:00Z"
    run_flow(payload, send=send)
    del payload["timestamp"]
    run_flow(payload, send=send)

    first, corrected, without_timestamp = keys[0], keys[4], keys[8]
    assert first == "audit-12345%2F2026-01-27T08%3A15%3A00Z"
    assert corrected == "audit-12345%2F2026-01-27T09%3A00%3A00Z"
    assert without_timestamp == "audit-12345%2F2026-01-27T08%3A14%3A32Z"
    assert len(keys) == 3 * 4  # each tried once and then three times again


def test_an_audit_without_a_task_ends_as_not_done(byron: Byron, run_flow: RunFlow) -> None:
    run = run_flow()
    assert run.status == "Cancelled"
    assert run.outputs["Log_not_done"] == {
        "outcome": "understood, but not done",
        "error": "NO_MATCHING_TASK",
        "message": "No pending fridge_temps task found for Byron on 2026-01-27",
    }


def test_a_ward_beyond_the_key_ends_as_not_done(run_flow: RunFlow) -> None:
    key = new_client(WardFactory.create(name="Shelley"), name="Other")[1]
    run = run_flow(key=key)
    assert run.status == "Cancelled"
    assert run.outputs["Log_not_done"]["error"] == "WARD_MISMATCH"


def test_a_wrong_key_fails_the_run_at_once_and_says_why(run_flow: RunFlow) -> None:
    run = run_flow(key="hub_abcdefgh_" + "x" * 43)
    assert (run.status, run.error["code"]) == ("Failed", "401")
    assert run.outputs["Log_failed"]["answer"]["error"] == "UNAUTHENTICATED"


def test_a_hub_that_stays_away_fails_the_run(run_flow: RunFlow) -> None:
    proxy_page = "<h1>Bad gateway</h1>"
    run = run_flow(send=lambda request: (502, proxy_page))
    assert (run.status, run.error["code"]) == ("Failed", "502")
    assert run.outputs["Log_failed"]["answer"] == proxy_page


def test_other_events_of_the_dashboard_end_the_run_quietly(run_flow: RunFlow) -> None:
    run = run_flow({"eventType": "AUDIT_OPENED"})
    assert run.status == "Cancelled"
    assert "Post_to_the_Hub" not in run.steps


def test_a_payload_that_is_no_audit_fails_the_run_and_is_not_sent(
    run_flow: RunFlow, payload: Any
) -> None:
    del payload["audit"]["ward"]
    run = run_flow(payload)
    assert run.status == "Failed"
    assert run.steps["Parse_the_audit"] == "Failed"
    assert run.steps["Post_to_the_Hub"] == "Skipped"


def test_the_history_of_runs_hides_staff_and_key(kit: dict[str, bytes]) -> None:
    for flow in (flow_of_solution(kit), flow_of_package(kit)):
        steps = {**flow["triggers"], **flow["actions"]}
        hidden = {
            name
            for name, step in steps.items()
            if step.get("runtimeConfiguration", {}).get("secureData", {}).get("properties")
        }
        assert {"manual", "Parse_the_audit", "Map_to_the_Hub", "Post_to_the_Hub"} <= hidden
        assert "Hub_API_key" not in steps or "Hub_API_key" in hidden


def test_the_hub_is_tried_again_three_times_with_growing_pauses(kit: dict[str, bytes]) -> None:
    policy = flow_of_solution(kit)["actions"]["Post_to_the_Hub"]["inputs"]["retryPolicy"]
    assert (policy["type"], policy["count"]) == ("exponential", 3)
    assert policy["maximumInterval"] == "PT5M"
