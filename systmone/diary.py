"""SystmOne's diary in the Hub's: appointments of patients who stay on a gateway's wards.

SystmOne answers with appointments of patients alone; what its users write into their diary without
a patient does not come (specification: GetDiary). Visits stay in SystmOne.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, cast

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from systmone.bookings import Fate, fate_of, in_words, merge
from systmone.models import Booking, Call, Gateway
from systmone.protocol.functions.get_diary import Diary, DiaryEntries, GetDiary
from systmone.protocol.record.bookings import Appointment
from systmone.protocol.values import Value
from systmone.readings import SYSTMONE, apart, read
from systmone.requests import TEST_NUMBERS, request_of
from systmone.staff import names_in
from tasks import actions, creation, patient_work
from tasks.actions import TaskChanged
from tasks.discharges import REASON as DISCHARGED
from tasks.models import Status, Task
from tasks.patient_work import NotOnAWard
from tasks.shifts import ONE_DAY, local_date
from wards.models import Stay

logger = structlog.get_logger(__name__)

DAYS_AHEAD = 14
TIME_FOR_A_READING = timedelta(minutes=30)

GONE = f"It is no longer in SystmOne's diary of the next {DAYS_AHEAD} days."
CALLED_OFF = "SystmOne: {}."
TITLE = "Appointment"


def read_diaries(at: datetime) -> None:
    """Ask each gateway that speaks for its diary, unless it has been asked."""
    reading = Gateway.objects.filter(is_on=True, stopped_at=None, reads_diary=True)
    for gateway in reading.filter(wards_served__isnull=False).distinct():
        today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
        read(
            subject=f"diary {gateway.pk}",
            gateway=gateway,
            request=GetDiary(
                min_date_time=today,
                max_date_time=today + DAYS_AHEAD * ONE_DAY,
                user_names=tuple(_lines(gateway.diary_users)),
                site_names=tuple(_lines(gateway.diary_sites)),
                appointments=True,
            ),
            within=TIME_FOR_A_READING,
            at=at,
        )


def take_in(call: Call, answer: Value, at: datetime) -> None:
    """Bring what SystmOne's diary answered into the Hub's, each appointment by itself."""
    seen: set[str] = set()
    without_uid = 0
    names = names_in(call.gateway)
    for entries in cast("Diary", answer).results:
        stay = _stay_of(entries, call.gateway)
        for appointment in entries.appointments:
            if not appointment.appointment_uid or not appointment.starts:
                without_uid += 1
                continue
            seen.add(appointment.appointment_uid)
            if stay:
                who = appointment.clinician or names.get(appointment.held_by or "")
                with apart():
                    _take_in_one(replace(appointment, clinician=who), stay, call, at)
    if without_uid:
        logger.warning("appointments of SystmOne without a UID or a time", number=without_uid)
    for booking in _missing(call, seen):
        _call_off(booking, GONE, at)


def said_of(appointment: Appointment) -> dict[str, str]:
    """Return what SystmOne says of `appointment`, in the words of the Hub's."""
    starts = timezone.localtime(appointment.starts)
    clinic = appointment.clinic.clinic_type if appointment.clinic else appointment.clinic_type
    return {
        "title": (clinic or TITLE)[:120],
        "due_on": starts.date().isoformat(),
        "time": f"{starts:%H:%M}",
        "place": (appointment.held_at or "")[:120],
        "attendees": (appointment.clinician or appointment.held_by or "")[:300],
        "instructions": (appointment.comments or "")[:2000],
    }


def said_here(task: Task) -> dict[str, str]:
    """Return how the Hub's appointment stands, in the same words."""
    return {
        "title": task.title,
        "due_on": task.due_on.isoformat(),
        "time": f"{task.time:%H:%M}" if task.time else task.day_part,
        "place": task.place,
        "attendees": task.attendees,
        "instructions": task.instructions,
    }


def _take_in_one(appointment: Appointment, stay: Stay, call: Call, at: datetime) -> None:
    found = Booking.objects.select_for_update(of=("self",)).select_related("task__ward")
    booking = found.filter(uid=appointment.appointment_uid).first()
    try:
        if booking is None:
            _add(appointment, stay, call, at)
        elif booking.task.patient_id != stay.patient_id or _ended_with_a_stay(booking.task):
            _add_anew(booking, appointment, stay, call, at)
        else:
            _follow(booking, appointment, call, at)
    except (TaskChanged, NotOnAWard):
        pass  # somebody is at it in this moment, or it waits for its patient: the next reading


def _add(appointment: Appointment, stay: Stay, call: Call, at: datetime) -> None:
    if fate_of(appointment.status or "") is not Fate.OPEN or _is_over(appointment, at):
        return
    try:
        with transaction.atomic():
            task = _new_task(appointment, stay)
            Booking.objects.create(
                task=task,
                gateway=call.gateway,
                uid=appointment.appointment_uid or "",
                **_facts(appointment, at),
            )
    except IntegrityError:
        pass  # another process took it in


def _add_anew(
    booking: Booking, appointment: Appointment, stay: Stay, call: Call, at: datetime
) -> None:
    """The patient is another one, or stays with us again: the old entry keeps its history."""
    if fate_of(appointment.status or "") is not Fate.OPEN or _is_over(appointment, at):
        return
    if booking.task.is_open:
        actions.cancel(task=booking.task, by=SYSTMONE, reason=GONE, at=at)
    booking.task = _new_task(appointment, stay)
    booking.gateway, booking.gone_at, booking.replaced = call.gateway, None, ""
    _keep(booking, appointment, at)


def _new_task(appointment: Appointment, stay: Stay) -> Task:
    return patient_work.add_appointment(
        patient=stay.patient, by=SYSTMONE, **_as_fields(said_of(appointment))
    )


def _follow(booking: Booking, appointment: Appointment, call: Call, at: datetime) -> None:
    task, status = booking.task, appointment.status or ""
    fate = fate_of(status)
    is_news = status != booking.status  # what a person undid since is not done again
    if fate is Fate.CALLED_OFF and task.is_open and is_news:
        actions.cancel(task=task, by=SYSTMONE, reason=CALLED_OFF.format(status)[:300], at=at)
    elif fate is Fate.DONE and task.is_open and is_news:
        actions.complete(task=task, by=SYSTMONE, at=at)
    elif fate is Fate.OPEN:
        if _was_called_off_there(task):
            actions.reopen(task=task, by=SYSTMONE, at=at)
        if task.is_open:
            _merge(booking, appointment, at)
    booking.gateway, booking.gone_at = call.gateway, None
    _keep(booking, appointment, at)


def _merge(booking: Booking, appointment: Appointment, at: datetime) -> None:
    now = said_of(appointment)
    merged = merge(before=booking.said, now=now, here=said_here(booking.task))
    if not merged.new:
        return
    replaced = in_words(merged.replaced)[:300]
    new = _as_fields(merged.new)
    if "time" in new:
        new["day_part"] = ""
    creation.edit(task=booking.task, by=SYSTMONE, at=at, reason=replaced, **new)
    booking.replaced = replaced


def _keep(booking: Booking, appointment: Appointment, at: datetime) -> None:
    for name, value in _facts(appointment, at).items():
        setattr(booking, name, value)
    booking.save()


def _facts(appointment: Appointment, at: datetime) -> dict[str, Any]:
    return {
        "starts_at": appointment.starts,
        "held_by": (appointment.held_by or "")[:120],
        "held_at": (appointment.held_at or "")[:120],
        "said": said_of(appointment),
        "status": (appointment.status or "")[:40],
        "seen_at": at,
    }


def _as_fields(said: Mapping[str, str]) -> dict[str, Any]:
    """Return what is said as the values of a task's fields."""
    readers: Mapping[str, Callable[[str], Any]] = {
        "due_on": date.fromisoformat,
        "time": time.fromisoformat,
    }
    return {part: readers.get(part, str)(value) for part, value in said.items()}


def _missing(call: Call, seen: set[str]) -> list[Booking]:
    """Return what the answer would have held if it were still in SystmOne's diary, and did not."""
    asked = cast("GetDiary", request_of(call))
    # What has begun by now is no longer "up-coming", and may be left out for that.
    coming = Booking.objects.filter(
        gateway=call.gateway,
        gone_at=None,
        seen_at__lt=call.created_at,
        starts_at__gt=call.settled_at,
        starts_at__lte=asked.max_date_time,
    ).exclude(uid__in=seen)
    if asked.user_names:
        coming = coming.filter(held_by__in=asked.user_names)
    if asked.site_names:
        coming = coming.filter(held_at__in=asked.site_names)
    return list(coming.select_related("task__ward"))


@transaction.atomic
def _call_off(booking: Booking, why: str, at: datetime) -> None:
    held = Booking.objects.select_for_update().filter(pk=booking.pk, gone_at=None).first()
    if held is None:
        return
    try:
        if booking.task.is_open:
            actions.cancel(task=booking.task, by=SYSTMONE, reason=why, at=at)
    except TaskChanged:
        return  # the next reading
    Booking.objects.filter(pk=held.pk).update(gone_at=at)


def _stay_of(entries: DiaryEntries, gateway: Gateway) -> Stay | None:
    """Return the patient's open stay on a ward of `gateway`, or None."""
    identity = entries.identity
    if identity is None or not (identity.nhs_number or identity.pseudo_number):
        return None
    if gateway.test_patients_only and not (identity.nhs_number or "").startswith(TEST_NUMBERS):
        return None
    whose = (
        Q(patient__nhs_number=identity.nhs_number)
        if identity.nhs_number
        else Q(patient__pseudo_number=identity.pseudo_number)
    )
    stays = Stay.objects.open().filter(whose, ward__gateway_ward__gateway=gateway)
    return stays.select_related("patient", "ward").first()


def _is_over(appointment: Appointment, at: datetime) -> bool:
    return appointment.starts is None or local_date(appointment.starts) < local_date(at)


def _ended_with_a_stay(task: Task) -> bool:
    return task.status == Status.CANCELLED and task.cancelled_reason == DISCHARGED


def _was_called_off_there(task: Task) -> bool:
    reason = task.cancelled_reason
    return task.status == Status.CANCELLED and (
        reason == GONE or reason.startswith(CALLED_OFF.partition("{")[0])
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
