"""The evidence of an audit: its task, what was done to it by whom and when, what was received."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.shortcuts import get_object_or_404

from assurance.models import SyncEvent
from assurance.monitoring import wards_run_by
from assurance.readings import in_words, verdict_in_words
from tasks.models import Task, TaskEvent
from wards.models import User


@dataclass(frozen=True)
class Received:
    """An event of the dashboard with its values in words."""

    event: SyncEvent
    readings: Sequence[str]
    verdict: str


@dataclass(frozen=True)
class Evidence:
    """What the page shows of one audit."""

    task: Task
    history: Sequence[TaskEvent]
    received: Sequence[Received]
    follow_ups: Sequence[Task]


def evidence_of(task_id: int, user: User) -> Evidence:
    """Return the evidence of an audit task of a ward that `user` runs.

    Raises `django.http.Http404` if there is no such task.
    """
    audits = Task.objects.filter(ward__in=wards_run_by(user)).exclude(audit_type="")
    task = get_object_or_404(audits.select_related("ward", "guide"), pk=task_id)
    events = SyncEvent.objects.filter(Q(task=task) | Q(repeat_of__task=task))
    whole = events.select_related("client", "person").defer("payload").order_by("received_at", "pk")
    return Evidence(
        task=task,
        history=list(task.events.order_by("at", "pk")),
        received=[
            Received(
                event,
                in_words(event.values, event.limits),
                verdict_in_words(event.values, event.limits),
            )
            for event in whole
        ],
        follow_ups=list(task.follow_ups.order_by("pk")),
    )
