"""Two people at the same moment: real threads, one wins, the others are told who."""

from collections.abc import Callable
from functools import partial

import pytest

from audit.chain import faults
from audit.models import AuditEvent
from tasks import actions
from tasks.actions import TaskChanged
from tasks.models import Task, TaskEvent
from tests.factories import TaskFactory, member_of
from tests.threads import at_once
from wards.actors import person
from wards.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def attempts(action: Callable[..., Task], task: Task, people: list[User]) -> list[partial[Task]]:
    """Return an attempt of each of `people`, who all saw the task as it is now."""
    return [
        partial(action, task=Task.objects.get(pk=task.pk), by=person(someone)) for someone in people
    ]


@pytest.mark.parametrize("action", [actions.claim, actions.start, actions.complete])
def test_of_eight_who_act_at_once_one_wins_and_the_others_are_told_who(
    action: Callable[..., Task],
) -> None:
    task = TaskFactory.create()
    people = [member_of(task.ward) for _ in range(8)]
    results = at_once(*attempts(action, task, people))
    winners = [result for result in results if isinstance(result, Task)]
    losers = [result for result in results if isinstance(result, TaskChanged)]
    assert (len(winners), len(losers)) == (1, 7)
    event = TaskEvent.objects.get()
    assert people.index(event.by or people[0]) == results.index(winners[0])
    assert {loser.latest for loser in losers} == {event}
    assert {loser.current.version for loser in losers} == {2}
    assert AuditEvent.objects.count() == 1


def test_a_completion_and_a_take_over_at_once_leave_one_truth() -> None:
    task = TaskFactory.create()
    sarah, tom = member_of(task.ward), member_of(task.ward)
    actions.claim(task=task, by=person(tom))
    results = at_once(
        *attempts(actions.complete, task, [tom]), *attempts(actions.take_over, task, [sarah])
    )
    assert sorted(type(result).__name__ for result in results) == ["Task", "TaskChanged"]
    assert Task.objects.get().version == 3
    assert TaskEvent.objects.count() == 2


def test_a_busy_ward_keeps_one_intact_audit_log() -> None:
    tasks = TaskFactory.create_batch(12)
    nurses = [member_of(task.ward) for task in tasks]

    def shift(number: int) -> int:
        """Try to claim and complete every task; return how many worked."""
        done = 0
        for task in tasks[number:] + tasks[:number]:
            fresh, nurse = Task.objects.get(pk=task.pk), person(nurses[number])
            for action in (actions.claim, actions.complete):
                try:
                    action(task=fresh, by=nurse)
                    done += 1
                except TaskChanged:
                    break
        return done

    assert sum(int(str(done)) for done in at_once(*(partial(shift, n) for n in range(6)))) == 24
    assert not Task.objects.open().exists()
    assert AuditEvent.objects.count() == TaskEvent.objects.count() == 24
    assert list(faults()) == []
