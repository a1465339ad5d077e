"""E-mails about what a person must look after: notes of unknown outcome, gateways that stand still.

Beat's sweep finds what stands and writes once about it: again after a day if it still stands, and
never twice in an hour about one ward's notes or one trouble of a gateway. An e-mail that was taken
by the mail server just before its worker died may be sent twice, which is better than never.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from systmone.health import Health, health_of, with_health
from systmone.models import Call, Gateway, Kind, SentAlert
from systmone.queries import needing_somebody
from systmone.words import needs_in_words
from wards import alert_mail
from wards.models import Ward

logger = structlog.get_logger(__name__)

AT_MOST_EVERY = timedelta(hours=1)
STILL_STANDS = timedelta(days=1)
ON_ITS_WAY = timedelta(minutes=5)  # longer than a mail server may take


@dataclass(frozen=True)
class Concern:
    """What people are to be told; `calls` are those that the e-mail is about."""

    kind: Kind
    subject: str
    lines: Collection[str]
    pause: timedelta
    ward: Ward | None = None
    gateway: Gateway | None = None
    calls: Collection[UUID] = field(default=())

    def readers(self) -> list[str]:
        """Whoever runs the ward; of a gateway, its wards and the integrations."""
        if self.ward:
            return alert_mail.ward_admins_of(self.ward) or alert_mail.senior_admins()
        wards = Ward.objects.filter(gateway_ward__gateway=self.gateway)
        seniors = alert_mail.senior_admins()
        return sorted({*seniors, *alert_mail.ward_admins_of(*wards)})


def tell_people(now: datetime) -> None:
    """Write about everything that stands and was not told lately."""
    concerns = [*_of_notes(now), *_of_gateways(now)]
    _end_the_pause_of_what_is_over(concerns)
    for concern in concerns:
        if _claim(concern, now):
            _tell(concern, now)


def _of_notes(now: datetime) -> Iterable[Concern]:
    """Each ward with notes about which nobody was told since they came to stand so."""
    by_ward: dict[int, list[Any]] = defaultdict(list)
    needing: QuerySet[Any] = needing_somebody(Ward.objects.all()).select_related("withdraws")
    for call in needing.only("state", "note", "told_at", "withdraws__note"):
        by_ward[call.ward_now].append(call)
    for ward in Ward.objects.filter(pk__in=by_ward):
        calls = by_ward[ward.pk]
        if all(call.told_at and call.told_at > now - STILL_STANDS for call in calls):
            continue
        words = needs_in_words(calls)
        yield Concern(
            kind=Kind.NOTES,
            subject=f"{ward}: {words}",
            lines=[
                f"{ward}: {words}.",
                "Nothing is sent again before somebody has looked. Which ones, and what to do:",
                _address("ward_in_systmone", ward.slug),
            ],
            pause=AT_MOST_EVERY,
            ward=ward,
            calls=[call.pk for call in calls],
        )


def _of_gateways(now: datetime) -> Iterable[Concern]:
    for gateway in with_health(Gateway.objects.all(), now):
        health = health_of(gateway, now)
        if health.kind:
            yield _concern_of(gateway, health, health.kind)


def _concern_of(gateway: Gateway, health: Health, kind: Kind) -> Concern:
    return Concern(
        kind=kind,
        subject=f"The SystmOne gateway {gateway}: {kind.label.lower()}",
        lines=[
            f"The SystmOne gateway {gateway}:",
            health.headline,
            health.to_do,
            _address("admin:systmone_gateway_watch", gateway.pk),
        ],
        pause=STILL_STANDS,
        gateway=gateway,
    )


def _claim(concern: Concern, now: datetime) -> bool:
    """Say whether this worker, and no other, is to write about `concern` now."""
    alert, _ = SentAlert.objects.get_or_create(
        kind=concern.kind,
        ward=concern.ward,
        gateway=concern.gateway,
        defaults={"quiet_until": now},
    )
    ours = SentAlert.objects.filter(pk=alert.pk, quiet_until__lte=now)
    return ours.update(quiet_until=now + ON_ITS_WAY) == 1


def _tell(concern: Concern, now: datetime) -> None:
    """Write the e-mail, and note that it was written; without a mail server, try again soon."""
    try:
        alert_mail.send(concern.subject, concern.lines, concern.readers())
    except OSError as problem:
        logger.warning("alert waits for the sweep", kind=concern.kind, problem=str(problem))
        return
    alert = SentAlert.objects.filter(kind=concern.kind, ward=concern.ward, gateway=concern.gateway)
    alert.update(sent_at=now, quiet_until=now + concern.pause)
    Call.objects.needing_somebody().filter(pk__in=concern.calls).update(told_at=now)


def _end_the_pause_of_what_is_over(concerns: Collection[Concern]) -> None:
    """What is over and comes again is told again, but not within the hour."""
    stands = Q()
    for concern in concerns:
        stands |= Q(kind=concern.kind, ward=concern.ward, gateway=concern.gateway)
    over = SentAlert.objects.filter(quiet_until__gt=F("sent_at") + AT_MOST_EVERY)
    if stands:
        over = over.exclude(stands)
    over.update(quiet_until=F("sent_at") + AT_MOST_EVERY)


def _address(name: str, *args: object) -> str:
    return f"{settings.HUB_BASE_URL}{reverse(name, args=args)}"
