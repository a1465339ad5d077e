"""Celery jobs of the diary."""

from celery import shared_task
from django.utils import timezone

from tasks.schedule import coming_days, generate


@shared_task
def generate_coming_days() -> None:
    """Create the missing tasks of the coming days: every night, and whenever a worker starts."""
    generate(days=coming_days(timezone.now()))
