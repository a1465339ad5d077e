"""The speaker of a gateway: takes calls from the outbox one by one and sends them.

One process at a time, by the gateway's lease. Each call is taken in one transaction, sent outside
any, and settled in another, so that a crash at any point leaves a row that tells what to do.
"""

import time
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from systmone import lease
from systmone.calls import locked, move
from systmone.delivery import GATEWAY, expire, refuse, settle
from systmone.gateways import keep_device_id, stop
from systmone.lease import DatabasePast, Hold, LeaseLost, lease_of
from systmone.models import Attempt, Call, Gateway, GatewayWard, State
from systmone.outcomes import Ended, attempt
from systmone.protocol.client import Client, Settings
from systmone.protocol.throttle import Limits, Need, earliest
from systmone.requests import is_for_tests, request_of
from systmone.transitions import Move
from wards.encryption import Sealed

logger = structlog.get_logger(__name__)

TIME_FOR_AN_APPROVAL = 60.0  # seconds
LINGERS = 3.0  # seconds
LOOKS_EVERY = 0.1
EARLY = 0.05  # a call is taken so long before it may go; the client waits for the moment itself

NO_KEY = (
    "Its API key cannot be decrypted, for HUB_ENCRYPTION_KEYS lacks the key: add the lost key "
    "again behind the others, or enter the API key anew; then start the gateway again."
)
UNREADABLE = "What was to be sent cannot be decrypted any more. It was not sent: do it again."
NOT_A_TEST_PATIENT = "The gateway is for test patients only, and this was not sent."
UNDONE = "The discharge was undone, so its log is not true any more. It was not sent."

LOST = Ended(Attempt.Outcome.UNCLEAR, sentence="The Hub was interrupted while it sent this.")


def speak(*, gateway_id: int, seconds: float, lingers: float = LINGERS) -> bool:
    """Send what is due; say whether this process was the one that spoke.

    Args:
        seconds: for about how long at most.
        lingers: how many seconds to wait for more to say, for one call is often followed by others.
    """
    gateway = Gateway.objects.filter(pk=gateway_id).first()
    if gateway is None:
        return False
    if isinstance(gateway.api_key, Sealed):
        stop(gateway=gateway, why=NO_KEY, by=GATEWAY)
        return False
    with lease_of(gateway) as hold:
        if hold is None:
            return False
        try:
            _settle_what_was_interrupted(hold)
            if not gateway.speaks:
                return False
            _open_and_converse(gateway, hold, until=time.monotonic() + seconds, lingers=lingers)
        except LeaseLost:
            logger.warning("lost the lease of a gateway", gateway=gateway.name)
    return True


class Speaker:
    """Speaks to one gateway while it holds the lease; `step` sends one call."""

    def __init__(self, gateway: Gateway, hold: Hold) -> None:
        self.gateway = gateway
        self.hold = hold
        self._past = DatabasePast(hold)
        self._limits = limits_of(gateway)
        settings = Settings(
            api_key=gateway.api_key,
            host=gateway.host,
            port=gateway.port,
            device_version=gateway.device_version,
            timeout=gateway.seconds_for_an_answer,
            approval_timeout=TIME_FOR_AN_APPROVAL,
            attempts=1,
            limits=self._limits,
        )
        self._client = Client(settings, DatabaseDevice(gateway), self._past, hold.clock)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def step(self) -> bool:
        """Send the next call that may go now; say whether there was one.

        Raises LeaseLost where another process speaks meanwhile.
        """
        wait = self.wait(Need()) - EARLY
        if wait > 0:
            time.sleep(min(wait, LOOKS_EVERY))
            return True
        call = self.take(timezone.now())
        if call is None:
            return False
        ended = attempt(self._client, request_of(call), str(call.pk), TIME_FOR_AN_APPROVAL)
        _store(self.hold, call, ended)
        return True

    def wait(self, need: Need) -> float:
        """Seconds until a request with this need may go."""
        past = self._past.load().as_of(self.hold.clock())
        return earliest(need, past, self._limits) - self.hold.clock()

    @transaction.atomic
    def take(self, now: datetime) -> Call | None:
        """Mark the next call as being sent. Nothing is sent before this is committed."""
        lease.check(self.hold)
        self.gateway.refresh_from_db(fields=["is_on", "stopped_at", "test_patients_only"])
        if not self.gateway.speaks:
            return None
        in_order = self._due(now)
        while found := in_order.first():
            call = locked(found)
            if call.state != State.QUEUED or call.gateway_id != self.gateway.pk:
                return None  # cancelled, expired or moved in this moment
            if why := self._why_not(call):
                refuse(call, why, now)
                continue
            move(call, Move.TAKE)
            Attempt.objects.create(
                call=call, gateway=self.gateway, fence=self.hold.fence, started_at=now
            )
            GatewayWard.objects.filter(ward=call.ward_id).update(served_at=now)
            return call
        return None

    def _why_not(self, call: Call) -> str:
        """Return why `call` must not be sent at all; empty: it may."""
        if isinstance(call.parameters, Sealed):
            return UNREADABLE
        if self.gateway.test_patients_only and not is_for_tests(request_of(call)):
            return NOT_A_TEST_PATIENT
        if call.stay and call.stay.is_open:
            return UNDONE
        return ""

    def _due(self, now: datetime) -> QuerySet[Call]:
        """Return what may go now, in its order."""
        due = Call.objects.filter(
            gateway=self.gateway, state=State.QUEUED, not_before__lte=now, deadline__gt=now
        )
        if self.wait(Need(record_limit=True)) > EARLY:
            due = due.filter(takes_record_slot=False)
        # Among equals, the ward that was served longest ago, so that none waits for another's many.
        return due.order_by(
            "priority", F("ward__gateway_ward__served_at").asc(nulls_first=True), "created_at"
        )


class DatabaseDevice:
    """Keeps the device id with the gateway. See `systmone.protocol.devices`."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def load(self) -> str:
        """The device id, or ""."""
        return self._gateway.device_id

    def save(self, device_id: str) -> None:
        """Keep `device_id`."""
        keep_device_id(gateway=self._gateway, device_id=device_id, by=GATEWAY)


def limits_of(gateway: Gateway) -> Limits:
    """Return the limits that hold for `gateway`."""
    return Limits(
        between_requests=gateway.seconds_between_requests,
        between_records=gateway.seconds_between_records,
        margin=gateway.seconds_of_margin,
    )


def _open_and_converse(gateway: Gateway, hold: Hold, until: float, lingers: float) -> None:
    speaker = Speaker(gateway, hold)
    try:
        _converse(speaker, until, lingers)
    finally:
        speaker.close()


def _converse(speaker: Speaker, until: float, lingers: float) -> None:
    """Send call after call, until there has been none for a while."""
    quiet_since = time.monotonic()
    while speaker.hold.lasts and time.monotonic() < until:
        if speaker.step():
            quiet_since = time.monotonic()
            if not Gateway.objects.get(pk=speaker.gateway.pk).speaks:
                return
        elif time.monotonic() - quiet_since >= lingers:
            return
        else:
            time.sleep(LOOKS_EVERY)


@transaction.atomic
def _store(hold: Hold, call: Call, ended: Ended) -> None:
    """Keep how the attempt at `call` ended. Raises LeaseLost where another has taken over."""
    lease.check(hold)
    call = locked(call)
    now = timezone.now()
    call.attempts.filter(ended_at=None).update(
        ended_at=now,
        outcome=ended.outcome,
        request=ended.request_document.decode(errors="replace"),
        response=ended.response_document.decode(errors="replace"),
    )
    settle(call, ended, now)


def _settle_what_was_interrupted(hold: Hold) -> None:
    """What a former speaker took and never settled: a read goes again, a write is looked for."""
    interrupted = Call.objects.filter(gateway=hold.gateway_id, state=State.SENDING)
    for call in interrupted:
        _store(hold, call, LOST)


def expire_what_waited_too_long(now: datetime) -> None:
    """End the calls of all gateways whose deadline has passed."""
    late = Call.objects.filter(state=State.QUEUED, deadline__lte=now)
    for found in late.order_by("pk").iterator():
        with transaction.atomic():
            call = locked(found)
            if call.state == State.QUEUED and call.deadline <= now:
                expire(call, now)


def gateways_with_work(now: datetime) -> list[int]:
    """Return the ids of the gateways that have something to send now, or to settle."""
    due = Q(calls__state=State.QUEUED, calls__not_before__lte=now, is_on=True, stopped_at=None)
    interrupted = Q(calls__state=State.SENDING)
    found = Gateway.objects.filter(due | interrupted).distinct()
    return list(found.values_list("pk", flat=True))
