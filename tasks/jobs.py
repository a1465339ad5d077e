"""Celery jobs of the diary."""

from celery import shared_task
from django.utils import timezone

from tasks.legal_work import keep_all_up
from tasks.schedule import coming_days, generate


@shared_task
def generate_coming_days() -> None:
    """Create what is missing in the diary: every night, and whenever a worker starts."""
    generate(days=coming_days(timezone.now()))
    keep_all_up()
