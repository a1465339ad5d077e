"""A case note and a task that SystmOne refused, without a SystmOne."""

from django.utils import timezone

from systmone import gateways, task_sending
from systmone.case_notes import push
from systmone.models import Attempt, Call, Gateway, SharedTask, State
from tasks import patient_work
from tasks.models import Category, Task
from tests.factories import PatientFactory
from wards import admissions, case_notes
from wards.actors import person
from wards.models import User, Ward


def failed_note(ward: Ward, nurse: User) -> Call:
    """Return the call of a note that SystmOne refused."""
    by, moment = person(nurse), timezone.now()
    gateway = Gateway(name="Byron's PC", api_key="any")
    gateways.add(gateway=gateway, wards=[ward], by=by)
    stay = admissions.admit(
        patient=PatientFactory.create(nhs_number="9434765919"), ward=ward, by=by
    )
    call = push(note=case_notes.write(stay=stay, text="Slept well.", by=by), by=by)
    call.attempts.create(
        gateway=gateway,
        fence=1,
        started_at=moment,
        ended_at=moment,
        outcome=Attempt.Outcome.REFUSED,
        request="<ClientIntegrationRequest><APIKey>any</APIKey></ClientIntegrationRequest>",
    )
    call.state, call.problem, call.settled_at = State.FAILED, "SystmOne refuses it.", moment
    call.save()
    return call


def shared_task(ward: Ward, nurse: User) -> Task:
    """Return a task whose sending has failed, with a conflict on its card."""
    patient = failed_note(ward, nurse).patient
    assert patient is not None
    Gateway.objects.update(task_type="General Task")
    task = patient_work.add_patient_task(
        patient=patient,
        category=Category.PHONE_CALL,
        title="Phone the family",
        due_on=timezone.localdate(),
        by=person(nurse),
    )
    call = task_sending.push(task=task, by=person(nurse))
    moment = timezone.now()
    call.state, call.problem, call.settled_at = State.FAILED, "SystmOne refuses it.", moment
    call.save()
    SharedTask.objects.update(compared_at=moment, conflict="Done here, and opened again there")
    return task
