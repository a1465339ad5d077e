"""The Celery application: every room keeps its jobs in `jobs.py`."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inpatient_hub.settings")

app = Celery("inpatient_hub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")


@setup_logging.connect
def keep_the_logging_of_the_settings(**_: Any) -> None:
    """A receiver of this signal stops Celery from putting its own log handlers in place."""
