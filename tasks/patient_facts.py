"""What the ward's rooms show of the diary: on the ward board and on a patient's timeline."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import OuterRef
from django.utils import timezone

from tasks.due import window_of
from tasks.models import Task, TaskEvent
from tasks.pauses import paused_among
from wards.access import wards_visible_to
from wards.models import Stay, User
from wards.timeline import Entry


def facts_of(patient_ids: Sequence[int]) -> Mapping[int, list[str]]:
    """Return for each patient with open work how much there is, is overdue and is paused.

    What a transfer left to another ward is that ward's.
    """
    now = timezone.now()
    here = Stay.objects.open().filter(patient__in=patient_ids, ward=OuterRef("ward"))
    left, overdue, waiting = Counter[int](), Counter[int](), Counter[int]()
    of_patients = Task.objects.open().filter(patient__in=here.values("patient"))
    tasks = list(of_patients.select_related("ward"))
    paused = paused_among(tasks)
    for task in tasks:
        if task.patient_id is not None:
            left[task.patient_id] += 1
            waiting[task.patient_id] += task.pk in paused
            is_over = window_of(task, task.ward).end <= now
            overdue[task.patient_id] += is_over and task.pk not in paused
    return {
        patient_id: [
            f"{number} open",
            *_if_any(overdue[patient_id], "overdue"),
            *_if_any(waiting[patient_id], "paused"),
        ]
        for patient_id, number in left.items()
    }


def _if_any(number: int, words: str) -> list[str]:
    return [f"{number} {words}"] if number else []


def entries_of(patient_id: int, user: User) -> Iterable[Entry]:
    """Yield what happened to the patient's tasks and appointments.

    What was done on another ward stays there: only its people may open it.
    """
    wards = set(wards_visible_to(user).values_list("pk", flat=True))
    events = TaskEvent.objects.filter(task__patient=patient_id).select_related("task")
    for event in events.order_by("-at", "-pk"):
        task = event.task
        words = f"{task.get_kind_display()} {event.get_action_display()}: {task.title}"
        link = task.get_absolute_url() if task.ward_id in wards else ""
        yield Entry(event.at, words, event.by_name, link)
