"""When the tasks in SystmOne are read: today's by day, each whole record once a night.

Entries of today may be read at any time; a whole record one in thirty seconds, so that is for the
night, one patient after another, and goes on where it was interrupted.
"""

from datetime import datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from systmone.calls import About
from systmone.models import Call, Gateway, Link, SharedTask, State
from systmone.protocol.functions.get_patient_record import Filter, GetPatientRecord
from systmone.readings import read
from systmone.requests import TEST_NUMBERS
from systmone.task_merge import Side
from systmone.writing import identity_of
from wards.models import Stay

TODAY, ALL = "today-tasks", "all-tasks"

NIGHT = (time(0, 10), time(6, 0))
NEAR_MIDNIGHT = (time(0, 10), time(23, 50))  # outside of it two clocks may disagree about today
TIME_FOR_TODAY = timedelta(minutes=10)
TIME_FOR_A_RECORD = timedelta(minutes=10)
MOST_TRIES = 3  # a night; a record may be in use


def read_today(at: datetime) -> None:
    """Ask for what was entered today of each patient on the wards of gateways that speak."""
    now = timezone.localtime(at)
    if not NEAR_MIDNIGHT[0] <= now.time() <= NEAR_MIDNIGHT[1]:
        return
    for gateway in _gateways():
        for stay in _stays(gateway):
            read(
                subject=f"{TODAY} {stay.patient_id}",
                gateway=gateway,
                request=GetPatientRecord(
                    identity=identity_of(stay.patient),
                    filter=Filter(min_entry_date=now.date(), max_entry_date=now.date(), tasks=True),
                ),
                within=TIME_FOR_TODAY,
                at=at,
                about=About(ward=stay.ward, patient=stay.patient),
            )


def read_next_at_night(at: datetime) -> None:
    """Ask each gateway for the next whole record of this night, unless it is at one."""
    now = timezone.localtime(at)
    if not NIGHT[0] <= now.time() <= NIGHT[1]:
        return
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for gateway in _gateways():
        if stay := _next(gateway, midnight):
            read(
                subject=f"{ALL} {gateway.pk}",
                gateway=gateway,
                request=GetPatientRecord(
                    identity=identity_of(stay.patient), filter=Filter(tasks=True)
                ),
                within=TIME_FOR_A_RECORD,
                at=at,
                about=About(ward=stay.ward, patient=stay.patient),
            )


def _gateways() -> QuerySet[Gateway]:
    return Gateway.objects.filter(is_on=True, stopped_at=None, reads_tasks=True)


def _stays(gateway: Gateway) -> QuerySet[Stay]:
    """Return the open stays on its wards of those who are linked, or have a task in SystmOne."""
    links = Link.objects.filter(
        Q(number=OuterRef("patient__nhs_number")) | Q(number=OuterRef("patient__pseudo_number")),
        patient=OuterRef("patient"),
    )
    sent = SharedTask.objects.filter(
        task__patient=OuterRef("patient"), gateway=gateway, there=Side.OPEN
    )
    known = ~Q(patient__nhs_number="") | ~Q(patient__pseudo_number="")
    stays = Stay.objects.open().filter(
        known, Exists(links) | Exists(sent), ward__gateway_ward__gateway=gateway
    )
    if gateway.test_patients_only:
        stays = stays.filter(patient__nhs_number__startswith=TEST_NUMBERS)
    return stays.select_related("patient", "ward").order_by("pk")


def _next(gateway: Gateway, midnight: datetime) -> Stay | None:
    """Return the patient whose record was not read this night, those who failed last."""
    tonight = Call.objects.filter(
        reading__subject=f"{ALL} {gateway.pk}", created_at__gte=midnight, patient__isnull=False
    )
    read_already = tonight.filter(state=State.SUCCEEDED).values("patient")
    tries = dict(
        tonight.exclude(state=State.SUCCEEDED)
        .order_by()
        .values_list("patient")
        .annotate(Count("pk"))
    )
    left = _stays(gateway).exclude(patient__in=read_already)
    to_do = [stay for stay in left if tries.get(stay.patient_id, 0) < MOST_TRIES]
    return min(to_do, key=lambda stay: (tries.get(stay.patient_id, 0), stay.pk), default=None)
