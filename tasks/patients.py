"""What the diary needs to know of patients: who is on a ward, and where."""

from collections.abc import Iterable, Mapping

from tasks.models import Task
from wards.actors import person
from wards.models import Stay, StayStatus, User
from wards.queries import current_stays
from wards.viewing import record_view


def viewed_stay(task: Task, user: User) -> Stay | None:
    """Return the stay that a page about `task` shows in its banner, and note that `user` saw it.

    `None` for a ward task, and where the patient has left the wards that `user` may see: of such a
    one the page shows the name, if the task is open.
    """
    if task.patient_id is None:
        return None
    stay = current_stays(user).filter(patient=task.patient_id)
    found = stay.select_related("patient", "ward", "bed__room").first()
    if found or task.is_open:
        record_view(task.patient_id, ward=(found or task).ward, by=person(user))
    return found


def whereabouts(tasks: Iterable[Task], user: User) -> Mapping[tuple[int, int], str]:
    """Return where the patients of `tasks` are, for example `Room 3, bed 1, on leave`.

    By patient id and ward id; empty of who has left the ward. Who is, or was last, on no ward that
    `user` sees is left out: a user sees only their wards, so that a ward which a patient has left
    does not go on naming them to its people.
    """
    wanted = {(task.patient_id, task.ward_id) for task in tasks if task.patient_id is not None}
    patients = {patient for patient, _ in wanted}
    stays = Stay.objects.open().filter(patient_id__in=patients).select_related("bed__room")
    places = {(stay.patient_id, stay.ward_id): _whereabouts(stay) for stay in stays}
    if left := wanted - places.keys():
        last = current_stays(user).filter(patient__in={patient for patient, _ in left})
        in_sight = set(last.values_list("patient", flat=True))
        places |= {(patient, ward): "" for patient, ward in left if patient in in_sight}
    return places


def _whereabouts(stay: Stay) -> str:
    if stay.status == StayStatus.ACTIVE:
        return stay.place
    return f"{stay.place}, {stay.get_status_display().lower()}"


def hold_stay(patient_id: int) -> Stay | None:
    """Lock the open stay of a patient until the transaction ends, and return it as it stands.

    A transfer holds the stay, then the audit log, then the patient's tasks. Whoever changes a
    patient's task holds the stay first as well, so that the two never wait for each other.
    """
    # Without a join: the row that one has waited for may have another ward by then.
    stays = Stay.objects.select_for_update(no_key=True).open()
    return stays.filter(patient_id=patient_id).first()
