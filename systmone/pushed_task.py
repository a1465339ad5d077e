"""A patient's task, as the pages of its way into SystmOne need it."""

from functools import partial

from django.http import Http404

from systmone import task_sending
from systmone.panels import addresses_of_task, facts_of_task
from systmone.writing_pages import Pushed
from tasks import queries as tasks
from wards import queries
from wards.requests import SignedInRequest


def find_task(request: SignedInRequest, public_id: str) -> Pushed:
    """Return the task as its pages need it. Raises Http404 where it is out of sight."""
    task = tasks.find_task(request.user, public_id)
    if task.patient_id is None:
        raise Http404
    return Pushed(
        name="task",
        stay=queries.find_stay(request.user, task.patient_id),
        addresses=addresses_of_task(task),
        call=task_sending.call_of(task),
        text=partial(task_sending.text_of, task),
        push=lambda by: task_sending.push(task=task, by=by),
        facts=partial(facts_of_task, task),
    )
