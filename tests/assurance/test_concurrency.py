"""Many requests at once, by real threads, against a real server process."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from assurance.models import Outcome, SyncEvent
from assurance.sync import receive
from audit.models import AuditEvent
from tasks.actions import TaskChanged, complete
from tasks.models import Status, Task, TaskEvent
from tests.assurance.posting import Byron, completed_audit, post_to
from tests.factories import TODAY, AuditTaskFactory
from tests.threads import at_once
from wards.actors import person

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_audit_50_times_at_once_completes_once(byron: Byron, hub: str) -> None:
    task = AuditTaskFactory.create(ward=byron.ward)
    AuditTaskFactory.create(ward=byron.ward)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: post_to(hub, byron.key), range(50)))

    assert {status for status, _, _ in answers} == {200}
    assert len({body for _, _, body in answers}) == 1
    assert TaskEvent.objects.filter(action="complete").count() == 1
    assert Task.objects.get(status=Status.COMPLETED) == task
    outcomes = list(SyncEvent.objects.order_by("outcome").values_list("outcome", flat=True))
    assert outcomes == [Outcome.COMPLETED, *[Outcome.REPEATED] * 49]
    assert AuditEvent.objects.filter(action="task.complete").count() == 1


def test_many_audits_at_once_complete_one_task_each(byron: Byron, hub: str) -> None:
    for _ in range(20):
        AuditTaskFactory.create(ward=byron.ward)

    def post(number: int) -> bytes:
        return post_to(hub, byron.key, auditId=f"audit-{number}")[2]

    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(post, range(20)))

    assert len(answers) == 20
    assert Task.objects.filter(status=Status.COMPLETED).count() == 20


def test_a_nurse_and_an_audit_at_once_complete_the_task_once(byron: Byron) -> None:
    for number in range(10):
        task = AuditTaskFactory.create(ward=byron.ward)
        audit = completed_audit(audit_id=str(number))
        nurse, event = at_once(
            partial(complete, task=Task.objects.get(pk=task.pk), by=person(byron.sarah)),
            partial(receive, audit=audit, client=byron.client, received_at=audit.completed_at),
        )
        assert isinstance(event, SyncEvent), event
        assert isinstance(nurse, Task | TaskChanged)
        by_hand = isinstance(nurse, Task)
        assert event.outcome == (Outcome.ALREADY_COMPLETE if by_hand else Outcome.COMPLETED)
        assert TaskEvent.objects.filter(task=task, action="complete").count() == 1
        Task.objects.all().delete()


def test_two_clients_may_not_complete_one_task_twice(byron: Byron) -> None:
    task = AuditTaskFactory.create(ward=byron.ward, due_on=TODAY)
    calls = [
        partial(
            receive,
            audit=completed_audit(audit_id=str(number)),
            client=byron.client,
            received_at=completed_audit().completed_at,
        )
        for number in range(4)
    ]
    outcomes = sorted(event.outcome for event in at_once(*calls) if isinstance(event, SyncEvent))
    assert outcomes == [*[Outcome.ALREADY_COMPLETE] * 3, Outcome.COMPLETED]
    assert TaskEvent.objects.filter(task=task, action="complete").count() == 1
