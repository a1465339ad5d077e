"""Alerts go out: grouped, and never more than one message about the same thing in an hour.

A message that cannot be sent now is tried again by beat's sweep, so that a mail server that is away
loses nothing. One that was taken just before its worker died may be sent twice, which is better
than never.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from django.db.models import QuerySet

from assurance.alert_message import Message
from assurance.models import AlertKind, AlertPause, SyncAlert, Way
from assurance.models.alert import DONE
from assurance.teams import post_to_teams, reached_by_teams
from wards import alert_mail

logger = structlog.get_logger(__name__)

AT_MOST_EVERY = timedelta(hours=1)
ON_ITS_WAY = timedelta(minutes=5)  # longer than a mail server may take

GATHERED_FOR = {AlertKind.NO_MATCH: timedelta(minutes=10)}
"""What is told a while later, for it seldom comes alone and often settles by itself."""


@dataclass(frozen=True)
class Sender:
    """How alerts go out one way: which of them there is somebody for, and what sends a message.

    It raises `OSError` when the message is not taken; `smtplib.SMTPException` is one.
    """

    reaches: Callable[[QuerySet[SyncAlert]], QuerySet[SyncAlert]]
    send: Callable[[Message], None]


def mail(message: Message) -> None:
    """Write to who must know."""
    alert_mail.send(message.subject, message.lines(), message.readers())


SENDERS: Mapping[Way, Sender] = {
    Way.MAIL: Sender(reaches=lambda alerts: alerts, send=mail),
    Way.TEAMS: Sender(reaches=reached_by_teams, send=post_to_teams),
}


def deliver(now: datetime) -> None:
    """Send what waits and may be told at `now`; each message may take its time."""
    began = monotonic()
    for way in SENDERS:
        for thing in _waiting(way, now).order_by().values("kind", "ward", "subject").distinct():
            _deliver(way, thing, now + timedelta(seconds=monotonic() - began))


def _deliver(way: Way, thing: Mapping[str, Any], now: datetime) -> None:
    waiting = _waiting(way, now).filter(**_lookup(thing))
    gathered = now - GATHERED_FOR.get(thing["kind"], timedelta(0))
    if not waiting.filter(at__lte=gathered).exists() or not _claim(way, thing, now):
        return
    alerts = list(waiting.select_related("ward").order_by("at", "pk"))
    if alerts and _sent(way, alerts):
        told = SyncAlert.objects.filter(pk__in=[alert.pk for alert in alerts])
        told.update(**{DONE[way]: now})
        _pause(way, thing).update(quiet_until=now + AT_MOST_EVERY)


def _waiting(way: Way, now: datetime) -> QuerySet[SyncAlert]:
    return SENDERS[way].reaches(SyncAlert.objects.waiting_for(way, now))


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
        SENDERS[way].send(Message(alerts))
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
