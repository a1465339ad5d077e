"""Celery jobs: each takes ids, reads the rows again, and is quiet where nothing is left to do."""

from collections.abc import Collection
from datetime import timedelta

import structlog
from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from assurance.alert_delivery import deliver
from assurance.follow_ups import act_on
from assurance.models import SyncEvent
from assurance.sent_keys import StillInProgress
from assurance.sync import match_kept, process_waiting
from assurance.watch_alerts import report_yesterday, tell_of_silences
from wards.features import Feature, feature_available

logger = structlog.get_logger(__name__)

TIME_FOR_THE_WAKE_UP = timedelta(minutes=1)


@shared_task
def process(event_id: int) -> None:
    """Process an audit that came through the webhook."""
    if not feature_available(Feature.ASSURANCE_SYNC):
        return
    try:
        process_waiting(event_id=event_id)
    except (StillInProgress, OperationalError) as problem:
        logger.warning("audit waits for the sweep", sync_event=event_id, problem=str(problem))


@shared_task
def follow_up(event_id: int) -> None:
    """Do what the event asks for: a follow-up task, alerts."""
    if feature_available(Feature.ASSURANCE_SYNC):
        act_on(event_id=event_id)


@shared_task
def deliver_alerts() -> None:
    """Send the alerts that wait."""
    if feature_available(Feature.ASSURANCE_SYNC):
        deliver(timezone.now())


@shared_task
def tell_of_silence() -> None:
    """Tell of wards of which nothing was heard for hours, while audits were due."""
    if feature_available(Feature.ASSURANCE_SYNC):
        tell_of_silences(now=timezone.now())


@shared_task
def reconcile_yesterday() -> None:
    """Report yesterday's audits: beat sends this each hour of the morning."""
    if feature_available(Feature.ASSURANCE_SYNC):
        report_yesterday(now=timezone.now())


@shared_task
def match_kept_audits(ward_ids: Collection[int]) -> None:
    """Match the audits that found no task on these wards again."""
    if feature_available(Feature.ASSURANCE_SYNC):
        match_kept(ward_ids=ward_ids)


@shared_task
def sweep() -> None:
    """Start what waits because its wake-up was lost: beat sends this every minute."""
    if not feature_available(Feature.ASSURANCE_SYNC):
        return
    lost = timezone.now() - TIME_FOR_THE_WAKE_UP
    unprocessed = SyncEvent.objects.waiting().filter(received_at__lt=lost).order_by("received_at")
    for event_id in unprocessed.values_list("pk", flat=True):
        process.delay(event_id)
    waiting = SyncEvent.objects.awaiting_follow_up()
    overdue = waiting.filter(received_at__lt=lost).order_by("received_at")
    for event_id in overdue.values_list("pk", flat=True):
        follow_up.delay(event_id)
    kept = SyncEvent.objects.waiting_for_their_task()
    if ward_ids := sorted(set(kept.values_list("ward_id", flat=True))):
        match_kept_audits.delay(ward_ids)
    deliver_alerts.delay()
