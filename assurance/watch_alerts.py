"""What people are told without an event that says it: silences, and yesterday's audits."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse

from assurance.alerts import tell
from assurance.expected import ExpectedAudit
from assurance.models import AlertKind, SyncAlert
from assurance.reconciliation import Reconciliation, reconcile, yesterday
from assurance.silence import Silence, silences
from tasks.models import Shift
from tasks.shifts import window
from tasks.words import date_and_clock, short_date
from wards.models import Ward

SILENCE_IS_TOLD_AGAIN_AFTER = timedelta(days=1)
AFTER_THE_NIGHT_SHIFT = timedelta(hours=1)  # what was done at its end is on its way


@transaction.atomic
def tell_of_silences(*, now: datetime) -> list[SyncAlert]:
    """Tell of each silent ward, and the senior admins of all of them, once a day at most."""
    silent = silences(Ward.objects.all(), now)
    told = _told_of_silence(since=now - SILENCE_IS_TOLD_AGAIN_AFTER)
    new = [one for one in silent if _begins_after(told.get(one.ward.pk), one)]
    alerts = [_tell_of_silence(one.ward, [one]) for one in new]
    if silent and None not in told:
        alerts.append(_tell_of_silence(None, silent))
    return alerts


def _told_of_silence(*, since: datetime) -> dict[int | None, datetime]:
    """Return when each ward's people, and by None the senior admins, were told last."""
    told = SyncAlert.objects.filter(kind=AlertKind.SILENCE, at__gt=since).order_by("at")
    return dict(told.values_list("ward", "at"))


def _begins_after(told: datetime | None, silence: Silence) -> bool:
    """Say whether `silence` is another than the one that was told of."""
    return told is None or (silence.last_event is not None and silence.last_event > told)


def _tell_of_silence(ward: Ward | None, silent: Sequence[Silence]) -> SyncAlert:
    return tell(
        kind=AlertKind.SILENCE,
        ward=ward,
        lines=[_in_words(one) for one in silent],
        path=reverse("admin:assurance_monitoring"),
    )


def _in_words(silence: Silence) -> str:
    heard = (
        f"nothing was received since {date_and_clock(silence.last_event)}"
        if silence.last_event
        else "nothing was ever received"
    )
    due = "audit that was" if silence.awaited == 1 else "audits that were"
    return f"{silence.ward}: {heard}, and {silence.awaited} {due} due never came."


@transaction.atomic
def report_yesterday(*, now: datetime) -> list[SyncAlert]:
    """Tell who runs each ward how its yesterday reconciles, once, when its night shift is over.

    A ward on which nothing was due or received has no report.
    """
    day = yesterday(now)
    paths = {ward: _report_of(ward, day) for ward in Ward.objects.all() if _is_over(ward, day, now)}
    reported = SyncAlert.objects.filter(kind=AlertKind.RECONCILIATION, path__in=paths.values())
    done = set(reported.values_list("path", flat=True))
    waiting = [ward for ward, path in paths.items() if path not in done]
    return [
        _report(report, paths[report.ward], now)
        for report in reconcile(waiting, day, now)
        if report.audits or report.without_task
    ]


def _report_of(ward: Ward, day: date) -> str:
    asked = urlencode({"day": day.isoformat(), "ward": ward.slug})
    return f"{reverse('admin:assurance_reconciliation')}?{asked}"


def _is_over(ward: Ward, day: date, now: datetime) -> bool:
    return window(ward, day, Shift.NIGHT).end + AFTER_THE_NIGHT_SHIFT <= now


def _report(report: Reconciliation, path: str, now: datetime) -> SyncAlert:
    alert = tell(
        kind=AlertKind.RECONCILIATION, ward=report.ward, lines=list(_lines(report)), path=path
    )
    if report.is_clean:  # it is e-mailed, but asks nobody to look
        alert.seen_at = now
        alert.save(update_fields=["seen_at"])
    return alert


def _lines(report: Reconciliation) -> Iterable[str]:
    """Yield the report in words, without anybody's name or what somebody wrote."""
    yield (
        f"{short_date(report.day)}, audits due: {len(report.audits)}. "
        f"By sync: {len(report.by_sync)}. "
        f"By hand, and on the dashboard: {len(report.by_hand)}. "
        f"By hand only: {len(report.only_by_hand)}. "
        f"Missed: {len(report.missed)}. Cancelled: {len(report.cancelled)}."
    )
    if report.only_by_hand:
        yield f"Completed by hand, never seen on the dashboard: {_names(report.only_by_hand)}."
    if report.missed:
        yield f"Missed: {_names(report.missed)}."
    if report.without_task:
        yield f"Received, but without a task: {len(report.without_task)}."
    if report.is_clean:
        yield "There is nothing to look at."


def _names(audits: Iterable[ExpectedAudit]) -> str:
    return ", ".join(
        f"{audit.audit_type.label} ({Shift(audit.task.shift).label.lower()})" for audit in audits
    )
