"""Alerts go out: grouped, and never more than one message about the same thing in an hour.

A message that cannot be sent now is tried again by beat's sweep, so that a mail server that is away
loses nothing. One that was taken just before its worker died may be sent twice, which is better
than never.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import structlog
from django.conf import settings
from django.db.models import QuerySet

from assurance.models import AlertKind, AlertPause, SyncAlert, Way
from assurance.models.alert import DONE
from wards import alert_mail
from wards.models import Ward

logger = structlog.get_logger(__name__)

AT_MOST_EVERY = timedelta(hours=1)
ON_ITS_WAY = timedelta(minutes=5)  # longer than a mail server may take
MOST_IN_ONE_MESSAGE = 50

GATHERED_FOR = {AlertKind.NO_MATCH: timedelta(minutes=10)}
"""What is told a while later, for it seldom comes alone and often settles by itself."""


@dataclass(frozen=True)
class Message:
    """Everything new about one thing."""

    alerts: Sequence[SyncAlert]

    @property
    def ward(self) -> Ward | None:
        return self.alerts[0].ward

    @property
    def subject(self) -> str:
        return self.alerts[0].subject

    def readers(self) -> list[str]:
        """Whoever runs the ward; the senior admins for what concerns the trust."""
        return (alert_mail.ward_admins_of(self.ward) if self.ward else []) or (
            alert_mail.senior_admins()
        )

    def lines(self) -> list[str]:
        """Return what to say, each place to look named once."""
        told = []
        shown = self.alerts[:MOST_IN_ONE_MESSAGE]
        for path, alerts in groupby(shown, key=lambda alert: alert.path):
            told += [line for alert in alerts for line in alert.lines]
            told += [f"{settings.HUB_BASE_URL}{path}"] if path else []
        if left_out := len(self.alerts) - len(shown):
            told.append(f"And {left_out} more.")
        return told


def mail(message: Message) -> None:
    """Write to the people. Raises OSError when the mail server does not take it."""
    alert_mail.send(message.subject, message.lines(), message.readers())


SENDERS: Mapping[Way, Callable[[Message], None]] = {Way.MAIL: mail}


def deliver(now: datetime) -> None:
    """Send what waits and may be told now."""
    for way in SENDERS:
        waiting = SyncAlert.objects.waiting_for(way, now).order_by()
        for thing in waiting.values("kind", "ward", "subject").distinct():
            _deliver(way, thing, now)


def _deliver(way: Way, thing: Mapping[str, Any], now: datetime) -> None:
    waiting = SyncAlert.objects.waiting_for(way, now).filter(**_lookup(thing))
    gathered = now - GATHERED_FOR.get(thing["kind"], timedelta(0))
    if not waiting.filter(at__lte=gathered).exists() or not _claim(way, thing, now):
        return
    alerts = list(waiting.select_related("ward").order_by("at", "pk"))
    if alerts and _sent(way, alerts):
        told = SyncAlert.objects.filter(pk__in=[alert.pk for alert in alerts])
        told.update(**{DONE[way]: now})
        _pause(way, thing).update(quiet_until=now + AT_MOST_EVERY)


def _claim(way: Way, thing: Mapping[str, Any], now: datetime) -> bool:
    """Say whether this worker, and no other, is to tell of `thing` now."""
    if not _pause(way, thing).exists():
        ours = AlertPause(
            way=way,
            kind=thing["kind"],
            ward_id=thing["ward"],
            subject=thing["subject"],
            quiet_until=now,
        )
        AlertPause.objects.bulk_create([ours], ignore_conflicts=True)
    is_over = _pause(way, thing).filter(quiet_until__lte=now)
    return is_over.update(quiet_until=now + ON_ITS_WAY) == 1


def _sent(way: Way, alerts: Sequence[SyncAlert]) -> bool:
    try:
        SENDERS[way](Message(alerts))
    except OSError as problem:
        logger.warning("alert waits for the sweep", way=way, problem=str(problem))
        return False
    return True


def _pause(way: Way, thing: Mapping[str, Any]) -> QuerySet[AlertPause]:
    return AlertPause.objects.filter(way=way, **_lookup(thing))


def _lookup(thing: Mapping[str, Any]) -> dict[str, Any]:
    """Return the lookup of alerts and pauses of `thing`, which may belong to no ward."""
    same = {"kind": thing["kind"], "subject": thing["subject"]}
    return {**same, "ward": thing["ward"]} if thing["ward"] else {**same, "ward__isnull": True}
