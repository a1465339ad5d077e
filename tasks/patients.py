"""What the diary needs to know of patients: who is on a ward, where, and who may ask."""

from collections.abc import Collection, Mapping

from django.db.models import QuerySet
from django.http import Http404

from wards.models import Stay, StayStatus, User, Ward


def stays_on(ward: Ward) -> QuerySet[Stay]:
    """Return the open stays on `ward` with patient and bed, by the patients' names."""
    stays = Stay.objects.open().filter(ward=ward).select_related("patient", "bed__room")
    return stays.order_by("patient__surname", "patient__first_name", "pk")


def find_stay(user: User, patient_id: int) -> Stay:
    """Return the open stay of a patient.

    Raises Http404 if there is none on the wards that `user` may see.
    """
    stays = Stay.objects.open().visible_to(user).select_related("patient", "ward", "bed__room")
    stay = stays.filter(patient_id=patient_id).first()
    if stay is None:
        raise Http404
    return stay


def whereabouts(patient_ids: Collection[int]) -> Mapping[int, str]:
    """Return by patient id where each of them is, for example `Room 3, bed 1, on leave`."""
    stays = Stay.objects.open().filter(patient_id__in=patient_ids).select_related("bed__room")
    return {stay.patient_id: _whereabouts(stay) for stay in stays}


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
