"""Celery jobs: wake-ups for the speakers of gateways; the outbox holds what is to be done."""

from datetime import timedelta

from celery import current_app, shared_task
from django.conf import settings
from django.utils import timezone

from systmone import (
    demographics,
    diary,
    dispatcher,
    person_lookups,
    readings,
    retention,
    staff,
    task_readings,
    task_sync,
    telling,
)
from wards.features import Feature, feature_available

TAKEN_IN_BY = {
    "diary": diary.take_in,
    task_readings.TODAY: task_sync.take_in,
    task_readings.ALL: task_sync.take_in,
}

SPEAKS_FOR = 30.0  # seconds, well under the time limit of a job


@shared_task
def speak(gateway_id: int) -> None:
    """Send what waits for this gateway; afterwards look once more."""
    if not feature_available(Feature.SYSTMONE):
        return
    spoke = dispatcher.speak(gateway_id=gateway_id, seconds=SPEAKS_FOR)
    if spoke and gateway_id in dispatcher.gateways_with_work(timezone.now()):
        current_app.send_task("systmone.jobs.speak", args=[gateway_id])


@shared_task
def sweep() -> None:
    """Start what waits because its wake-up was lost, and end what waited too long."""
    if not feature_available(Feature.SYSTMONE):
        return
    now = timezone.now()
    dispatcher.expire_what_waited_too_long(now)
    for gateway_id in dispatcher.gateways_with_work(now):
        speak.delay(gateway_id)
    for reading_id in readings.answered():
        take_in.delay(reading_id)
    task_readings.read_next_at_night(now)


@shared_task
def refresh_staff() -> None:
    """Every day: ask who works in SystmOne."""
    if feature_available(Feature.SYSTMONE):
        staff.refresh_all()


@shared_task
def forget_lookups() -> None:
    """Every minute: what people looked up in SystmOne has had its time."""
    if feature_available(Feature.SYSTMONE):
        person_lookups.forget_old_ones(timezone.now())


@shared_task
def refresh_demographics() -> None:
    """Ask about some of the linked patients; each is asked about once a day."""
    if feature_available(Feature.SYSTMONE):
        demographics.ask_what_is_due(timezone.now())


@shared_task
def take_in(reading_id: int) -> None:
    """Bring what SystmOne answered to a background read into the diary."""
    if feature_available(Feature.SYSTMONE):
        readings.take_in(reading_id=reading_id, by_subject=TAKEN_IN_BY, at=timezone.now())


@shared_task
def read_diaries() -> None:
    """Ask the gateways for SystmOne's diary."""
    if feature_available(Feature.SYSTMONE):
        diary.read_diaries(timezone.now())


@shared_task
def tell_people() -> None:
    """Write to those who run wards and integrations about what a person must look after."""
    if feature_available(Feature.SYSTMONE):
        telling.tell_people(timezone.now())


@shared_task
def delete_old_documents() -> None:
    """Every night: delete what was sent and answered longer ago than it is to be kept."""
    if feature_available(Feature.SYSTMONE):
        now = timezone.now()
        retention.delete_old_documents(now=now)
        readings.delete_old(now - timedelta(days=settings.HUB_SYSTMONE_RETENTION_DAYS))


@shared_task
def read_tasks() -> None:
    """Ask for the tasks that were entered in SystmOne today."""
    if feature_available(Feature.SYSTMONE):
        task_readings.read_today(timezone.now())
