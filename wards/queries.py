"""Reads of patients, beds and stays, always within the user's scope."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404

from audit.models import AuditEvent
from wards.access import wards_visible_to
from wards.models import Bed, Patient, Stay, StayEvent, StayStatus, User, Ward
from wards.stays import ALLOWED

VIEW = "patient.view"
SHOWN_VIEWS = 20
MOST_FOUND = 50

WITHOUT_MARKS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "'": "", "\u2019": ""})


def find_ward(user: User, slug: str) -> Ward:
    """Return the ward of this slug. Raises Http404 if `user` may not see one."""
    ward = wards_visible_to(user).filter(slug=slug).first()
    if ward is None:
        raise Http404
    return ward


def current_stays(user: User) -> QuerySet[Stay]:
    """Return each patient's open stay, or else the last, where it is on a ward that `user` sees."""
    of_patient = Stay.objects.filter(patient=OuterRef("patient")).exclude(pk=OuterRef("pk"))
    later = of_patient.filter(
        Q(discharged_at=None)
        | Q(discharged_at__gt=OuterRef("discharged_at"))
        | Q(discharged_at=OuterRef("discharged_at"), pk__gt=OuterRef("pk"))
    )
    return Stay.objects.visible_to(user).filter(~Exists(later))


def find_stay(user: User, patient_id: int, stay_id: int | None = None) -> Stay:
    """Return the patient's stay as their page shows it: the current one, or that of `stay_id`.

    Who sees a patient sees all their stays, for care needs what happened before, wherever it was.
    Raises Http404 if the patient is, or was last, on no ward that `user` may see.
    """
    current = current_stays(user).filter(patient__pk=patient_id)
    found = current
    if stay_id is not None:
        found = Stay.objects.filter(pk=stay_id, patient__in=current.values("patient"))
    stay = (
        found.select_related("patient", "ward", "bed__room", "named_nurse")
        .prefetch_related("patient__alerts")
        .first()
    )
    if stay is None:
        raise Http404
    return stay


def stays_before(stay: Stay) -> QuerySet[Stay]:
    """Return the patient's earlier stays, the latest first."""
    earlier = Stay.objects.filter(patient=stay.patient_id, pk__lt=stay.pk)
    return earlier.select_related("ward").order_by("-pk")


def patients_with(nhs_number: str, pseudo_number: str) -> list[Patient]:
    """Return who has one of these numbers, on whichever ward; nobody has an empty one."""
    by_number = Q(nhs_number=nhs_number) & ~Q(nhs_number="")
    by_pseudo_number = Q(pseudo_number=pseudo_number) & ~Q(pseudo_number="")
    found = Patient.objects.filter(by_number | by_pseudo_number)
    return sorted(found, key=lambda patient: patient.nhs_number != nhs_number)


def latest_event(stay: Stay) -> StayEvent | None:
    """Return what happened last in `stay`."""
    return stay.events.order_by("-pk").first()


def views_of(patient_id: int) -> Sequence[AuditEvent]:
    """Return who has viewed the patient last, the latest first."""
    views = AuditEvent.objects.filter(object_type="patient", object_id=str(patient_id), action=VIEW)
    return list(views.order_by("-sequence")[:SHOWN_VIEWS])


def search(user: User, words: str) -> tuple[list[Stay], bool]:
    """Return the patients of whom all `words` are true, and whether there are more of them.

    A word begins a name, or is a part of the NHS number as it is written, or of the place: the text
    is compared here, for accents and case are folded in one way on every database.
    """
    wanted = _folded(words)
    if not wanted:
        return [], False
    rows = current_stays(user).values_list(
        "pk",
        "status",
        "patient__surname",
        "patient__first_name",
        "patient__preferred_name",
        "patient__nhs_number",
        "patient__pseudo_number",
        "ward__name",
        "bed__room__name",
        "bed__name",
    )
    found = [pk for pk, status, *row in rows.iterator() if _matches(wanted, status, row)]
    stays = Stay.objects.filter(pk__in=found[: MOST_FOUND + 1])
    shown = stays.select_related("patient", "ward", "bed__room").order_by(
        F("discharged_at").desc(nulls_first=True), "patient__surname", "patient__first_name", "pk"
    )
    return list(shown[:MOST_FOUND]), len(found) > MOST_FOUND


def _matches(wanted: Sequence[str], status: str, row: Sequence[Any]) -> bool:
    *names, nhs_number, pseudo_number, ward, room, bed = (text or "" for text in row)
    number = (nhs_number[:3], nhs_number[3:6], nhs_number[6:], nhs_number, pseudo_number)
    place = () if status == StayStatus.DISCHARGED else (ward, room, bed and f"bed {bed}")
    of_name, of_rest = _folded(" ".join(names)), _folded(" ".join([*number, *place]))
    return all(word in of_rest or any(name.startswith(word) for name in of_name) for word in wanted)


def _folded(text: str) -> list[str]:
    """Return the words of `text` without accents, capitals and marks."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(WITHOUT_MARKS))
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return re.findall(r"\w+", letters)


def in_order(beds: Iterable[Bed]) -> list[Bed]:
    """Return `beds` as they are counted: room 2 comes before room 10."""
    return sorted(beds, key=_parts_of_name)


def _parts_of_name(bed: Bed) -> list[tuple[int, str]]:
    parts = re.findall(r"\d+|\D+", f"{bed.room.name} {bed.name}".casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def free_beds(ward: Ward) -> list[Bed]:
    """Return the beds of `ward` that are in use and in which nobody stays."""
    return in_order(Bed.objects.on(ward).free().select_related("room"))


def stays_on(ward: Ward) -> QuerySet[Stay]:
    """Return the open stays on `ward` with patient and bed, by the patients' names."""
    stays = Stay.objects.open().filter(ward=ward).select_related("patient", "bed__room")
    return stays.order_by("patient__surname", "patient__first_name", "pk")


def bedded_neighbours(stay: Stay) -> QuerySet[Stay]:
    """Return the other patients of the ward who have a bed and may move, by name."""
    may_move = ALLOWED[StayEvent.Action.MOVE]
    return stays_on(stay.ward).filter(status__in=may_move, bed__isnull=False).exclude(pk=stay.pk)


def places_on_other_wards(stay: Stay) -> list[tuple[Ward, Bed | None]]:
    """Return where a patient may be transferred: no bed or a free one, on any ward of the trust."""
    beds: dict[int, list[Bed]] = defaultdict(list)
    free = Bed.objects.in_use().free().exclude(room__ward=stay.ward_id)
    for bed in in_order(free.select_related("room")):
        beds[bed.room.ward_id].append(bed)
    wards = Ward.objects.exclude(pk=stay.ward_id)
    return [(ward, bed) for ward in wards for bed in (None, *beds[ward.pk])]
