"""Celery jobs of patients and wards."""

from celery import shared_task

from wards import sent_forms


@shared_task
def forget_sent_forms() -> None:
    """Every night: forms that were sent days ago are not sent again."""
    sent_forms.forget_old_ones()
