"""How long the schedule needs for one day of 500 wards."""

import json
import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from demo.guides import create_guides
from demo.work import create_templates
from tasks.schedule import generate
from tasks.shifts import local_date
from wards.models import Ward

WARDS = 500


@transaction.atomic
def run() -> None:
    """Print as JSON how many tasks were made in how many seconds; the database stays empty."""
    numbers = range(1, WARDS + 1)
    Ward.objects.bulk_create(Ward(name=f"Ward {n}", slug=f"ward-{n}") for n in numbers)
    create_guides()
    today = local_date(timezone.now())
    create_templates(list(Ward.objects.all()), active_from=today - timedelta(days=30))
    started = time.perf_counter()
    tasks = generate(days=[today])
    print(json.dumps([tasks, time.perf_counter() - started]))
    transaction.set_rollback(True)
