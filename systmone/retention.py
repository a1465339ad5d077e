"""What was sent and answered is kept for a while, then deleted; that it was sent is kept."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Model, Q, QuerySet

from audit.events import record
from systmone.models import Attempt, Call, Submission
from wards.actors import Actor, Source

SCHEDULE = Actor("The schedule", Source.JOB)

AT_ONCE = 1_000  # rows, so that no transaction is long


def delete_old_documents(*, now: datetime) -> int:
    """Delete the documents of settled calls older than the retention; return of how many attempts.

    With them go the calls' parameters and SystmOne's words, which say the same, and the keys under
    which programs sent them. What is still under way, or waits for a person, is left alone, however
    old it is.
    """
    before = now - timedelta(days=settings.HUB_SYSTMONE_RETENTION_DAYS)
    attempts = Attempt.objects.filter(ended_at__lt=before, call__settled_at__lt=before)
    calls = Call.objects.filter(settled_at__lt=before)
    deleted = _empty(attempts.exclude(request="", response=""), request="", response="")
    emptied = _empty(calls.filter(~Q(parameters="")), parameters="", words="")
    keys, _ = Submission.objects.filter(sent_at__lt=before, call__settled_at__lt=before).delete()
    detail = {"before": before.isoformat(), "attempts": deleted, "calls": emptied, "keys": keys}
    record(by=SCHEDULE, action="systmone_documents.delete", detail=detail, at=now)
    return deleted


def _empty(rows: "QuerySet[Model]", **nothing: str) -> int:
    """Empty these fields of `rows`, part by part; return how many rows there were."""
    count = 0
    while found := list(rows.order_by().values_list("pk", flat=True)[:AT_ONCE]):
        count += rows.filter(pk__in=found).update(**nothing)
    return count
