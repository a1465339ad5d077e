"""Every row of the contract's status table, on its literal address (domain.md)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from assurance.api_clients import revoke
from assurance.models import Outcome, SyncEvent
from audit.models import AuditEvent
from tasks.actions import cancel
from tasks.models import AuditType, Shift, Status, TaskEvent
from tests.assurance.posting import ADMIN, SYNC, Byron, new_client, poster
from tests.factories import AuditTaskFactory, WardFactory, completed, member_of
from wards.actors import Source, person

pytestmark = pytest.mark.django_db

Post = Callable[..., Any]


@time_machine.travel(datetime(2026, 1, 27, 8, 15, 1, tzinfo=UTC), tick=False)
def test_an_audit_completes_its_task(byron: Byron, post: Post) -> None:
    task = AuditTaskFactory.create(ward=byron.ward)

    response = post()

    assert response.status_code == 200
    assert response.json() == {
        "success": True,
        "taskId": f"wt{task.pk}",
        "message": "Task marked complete",
        "syncedAt": "2026-01-27T08:15:01Z",
    }
    task.refresh_from_db()
    assert (task.status, task.completed_by) == (Status.COMPLETED, byron.sarah)
    assert task.completed_at == datetime(2026, 1, 27, 8, 14, 32, tzinfo=UTC)
    event = TaskEvent.objects.get(task=task)
    assert (event.action, event.by, event.source) == ("complete", byron.sarah, Source.SYNC)
    sync_event = SyncEvent.objects.get()
    assert (sync_event.outcome, sync_event.task) == (Outcome.COMPLETED, task)
    assert sync_event.values == {"currentTemp": 4.2, "inRange": True}
    actions = list(AuditEvent.objects.order_by("sequence").values_list("action", "source"))
    assert actions[-2:] == [("task.complete", "sync"), ("audit.receive", "sync")]


def test_a_task_that_is_complete_already_is_a_success(byron: Byron, post: Post) -> None:
    task = completed(AuditTaskFactory.create(ward=byron.ward), byron.sarah)

    answer = post().json()

    assert answer["success"] is True
    assert (answer["taskId"], answer["message"]) == (f"wt{task.pk}", "Task already complete")


def test_an_audit_without_a_task_creates_none(byron: Byron, post: Post) -> None:
    AuditTaskFactory.create(ward=byron.ward, audit_type=AuditType.WATER_TEMPS)
    called_off = AuditTaskFactory.create(ward=byron.ward)
    cancel(task=called_off, by=person(byron.sarah), reason="Fridge is away")

    response = post()

    assert response.status_code == 200
    assert response.json() == {
        "success": False,
        "error": "NO_MATCHING_TASK",
        "message": "No pending fridge_temps task found for Byron on 2026-01-27",
    }
    assert SyncEvent.objects.get().outcome == Outcome.NO_MATCHING_TASK


def test_the_date_in_the_answer_is_local(byron: Byron, post: Post) -> None:
    answer = post(completedAt="2026-06-30T23:30:00Z").json()
    assert answer["message"].endswith("on 2026-07-01")


def test_white_space_and_case_of_the_ward_do_not_matter(byron: Byron, post: Post) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    assert post(ward="  BYRON ").json()["success"] is True


def _unknown_ward(byron: Byron) -> dict[str, Any]:
    return {"ward": "Keats"}


def _ward_beyond_the_key(byron: Byron) -> dict[str, Any]:
    shelley = WardFactory.create(name="Shelley")
    member_of(shelley, name="Percy Reed")
    return {"ward": "Shelley", "completedBy": "Percy Reed"}


def _person_of_another_ward(byron: Byron) -> dict[str, Any]:
    member_of(WardFactory.create(name="Shelley"), name="Percy Reed")
    return {"completedBy": "Percy Reed"}


def _unknown_person(byron: Byron) -> dict[str, Any]:
    return {"completedBy": "Nobody Known"}


@pytest.mark.parametrize(
    "mismatch", [_unknown_ward, _ward_beyond_the_key, _person_of_another_ward, _unknown_person]
)
def test_no_access_to_the_ward_is_refused_in_the_same_words(
    byron: Byron, post: Post, mismatch: Callable[[Byron], dict[str, Any]]
) -> None:
    task = AuditTaskFactory.create(ward=byron.ward)
    changes = mismatch(byron)

    response = post(**changes)

    ward = changes.get("ward", "Byron")
    assert response.status_code == 200
    assert response.json() == {
        "success": False,
        "error": "WARD_MISMATCH",
        "message": f"There is no ward {ward}, or the key or the person who completed the audit "
        "has no access to it",
    }
    task.refresh_from_db()
    assert task.status == Status.PENDING
    event = SyncEvent.objects.get()
    assert (event.outcome, len(event.details)) == (Outcome.WARD_MISMATCH, 1)
    assert AuditEvent.objects.order_by("sequence").last().outcome == "refused"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-API-Key": ""},
        {"X-API-Key": "hub_12345678_wrong"},
        {"X-API-Key": "hub_abcdefgh_" + "x" * 43},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic aHViOmh1Yg=="},
        {"Authorization": "Bearer eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJtZSJ9.c2ln"},
    ],
)
def test_without_a_key_in_use_nobody_comes_in(post: Post, headers: dict[str, str]) -> None:
    response = post(headers=headers)
    assert response.status_code == 401
    assert response.json()["error"] == "UNAUTHENTICATED"
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert not SyncEvent.objects.exists()


def test_a_revoked_key_is_no_key(byron: Byron, post: Post) -> None:
    revoke(client=byron.client, by=ADMIN)
    assert post().status_code == 401


def test_a_key_may_come_as_a_bearer_token(byron: Byron, post: Post) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    assert post(headers={"Authorization": f"Bearer {byron.key}"}).json()["success"] is True


def test_a_client_without_a_list_of_wards_reaches_all(client: Client, byron: Byron) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    key = new_client(name="Everywhere")[1]
    assert poster(client, key)().json()["success"] is True


def test_an_address_outside_the_allowed_networks_is_refused(byron: Byron, post: Post) -> None:
    byron.client.allowed_networks = "10.0.0.0/8\n2001:db8::/32"
    byron.client.save()

    response = post()

    assert response.status_code == 403
    assert response.json()["error"] == "SOURCE_NOT_ALLOWED"
    assert SyncEvent.objects.get().outcome == Outcome.SOURCE_NOT_ALLOWED


def test_an_address_inside_the_allowed_networks_comes_in(byron: Byron, post: Post) -> None:
    byron.client.allowed_networks = "10.0.0.0/8\n127.0.0.1"
    byron.client.save()
    assert post().status_code == 200


def test_too_many_requests_are_told_when_to_come_again(post: Post, settings: Settings) -> None:
    settings.HUB_SYNC_RATE_LIMIT = "2/minute"

    answers = [post(auditId=str(number)) for number in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["error"] == "RATE_LIMITED"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert SyncEvent.objects.order_by("pk").last().outcome == Outcome.RATE_LIMITED  # type: ignore[union-attr]


def test_guessing_keys_is_slowed_down_but_a_good_key_still_works(byron: Byron, post: Post) -> None:
    wrong = {"X-API-Key": "hub_abcdefgh_" + "x" * 43}
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    web = Client(**elsewhere)  # type: ignore[arg-type]

    statuses = [web.post(SYNC, headers=wrong).status_code for _ in range(31)]

    assert (set(statuses[:30]), statuses[30]) == ({401}, 429)
    assert poster(web, byron.key)().status_code == 200


@pytest.mark.parametrize("tier", ["light", "medium", "max"])
def test_in_other_tiers_the_endpoint_does_not_exist(
    post: Post, client: Client, settings: Settings, tier: str
) -> None:
    settings.HUB_TIER = tier
    for response in (post(), post(headers={}), client.get(SYNC)):
        assert (response.status_code, response.json()["error"]) == (404, "NOT_FOUND")
    assert not SyncEvent.objects.exists()


def test_the_last_use_of_a_key_is_noted_at_most_once_a_minute(byron: Byron, post: Post) -> None:
    seen = []
    for second in (0, 30, 70):
        with time_machine.travel(datetime(2026, 1, 27, 9, 0, tzinfo=UTC).timestamp() + second):
            post(auditId=str(second))
        byron.client.refresh_from_db()
        seen.append(byron.client.last_used_at)
    assert seen[0] == seen[1] != seen[2]


def test_an_audit_of_a_night_shift_completes_the_task_of_the_evening_before(
    byron: Byron, post: Post
) -> None:
    task = AuditTaskFactory.create(
        ward=byron.ward, audit_type=AuditType.LIGATURE_CHECK, shift=Shift.NIGHT
    )
    answer = post(auditType="ligature_check", completedAt="2026-01-28T02:00:00+00:00").json()
    assert answer["taskId"] == task.public_id


def test_receiving_takes_few_queries(
    byron: Byron, post: Post, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        AuditTaskFactory.create(ward=byron.ward)
        member_of(byron.ward)
    with django_assert_max_num_queries(17):
        post()
