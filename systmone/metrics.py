"""How the gateways do, for Prometheus: read from the database at each question, no patient data.

Nothing is counted in the process, so that all workers and machines tell the same.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min, OuterRef, Subquery
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from systmone.models import Attempt, Call, Gateway, Priority, State
from systmone.queries import waiting_since

OF_A_GATEWAY = ["gateway_id", "gateway"]
LATELY = timedelta(hours=1)

# How many of those that are settled does not tell anything: there are ever more.
STATES = (State.QUEUED, State.SENDING, State.CHECKING, State.UNKNOWN, State.FAILED)

PRIORITY_LABELS = {Priority.PERSON_WAITS: "person_waits", Priority.BACKGROUND: "background"}

Counted = dict[tuple[int, str], int]


def as_text() -> bytes:
    """Return all metrics in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Gateways(timezone.now()))
    return generate_latest(registry)


class Gateways(Collector):
    """The metrics of all gateways as they are `now`, in five queries."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def describe(self) -> Iterable[Metric]:
        """Nothing: what is registered is asked once, when it is collected."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield each metric with a line for every gateway."""
        gateways = list(_gateways())
        yield from self._of_gateways(gateways)
        yield from self._queue(gateways)
        yield _counted(
            "calls",
            "Calls that are not settled, and failed ones that nobody has looked after.",
            label="state",
            gateways=gateways,
            counted=_calls_by_state(),
            values=STATES,
        )
        yield _counted(
            "attempts_last_hour",
            "Attempts that ended within the last hour.",
            label="outcome",
            gateways=gateways,
            counted=self._attempts_by_outcome(),
            values=Attempt.Outcome.values,
        )

    def _of_gateways(self, gateways: list[Gateway]) -> Iterator[Metric]:
        up = _gauge("up", "1 while calls go out; 0 while the gateway is off or stopped.")
        stopped = _gauge("stopped", "1 while it is stopped by what it met.")
        speaker = _gauge("speaker", "1 while a process speaks to it and holds its lease.")
        fence = _gauge("lease_fence", "How often its lease has been taken.")
        success = _gauge("last_success_timestamp_seconds", "When it last answered a call.")
        for gateway in gateways:
            labels, lease = _labels(gateway), getattr(gateway, "lease", None)
            up.add_metric(labels, gateway.speaks)
            stopped.add_metric(labels, gateway.stopped_at is not None)
            held_until = lease.held_until if lease else None
            speaker.add_metric(labels, held_until is not None and held_until > self._now)
            fence.add_metric(labels, lease.fence if lease else 0)
            if succeeded_at := getattr(gateway, "succeeded_at", None):
                success.add_metric(labels, succeeded_at.timestamp())
        yield from (up, stopped, speaker, fence, success)

    def _queue(self, gateways: list[Gateway]) -> Iterator[Metric]:
        length = _gauge("queue_calls", "Calls that wait, are being sent or checked.", "priority")
        oldest = _gauge("queue_oldest_seconds", "How long the oldest of them waits.", "priority")
        waiting = Call.objects.waiting().annotate(since=waiting_since())
        rows = waiting.values("gateway", "priority").annotate(many=Count("pk"), first=Min("since"))
        found = {(row["gateway"], row["priority"]): row for row in rows}
        for gateway in gateways:
            for priority, label in PRIORITY_LABELS.items():
                row = found.get((gateway.pk, priority))
                length.add_metric([*_labels(gateway), label], row["many"] if row else 0)
                waits = (self._now - row["first"]).total_seconds() if row else 0
                oldest.add_metric([*_labels(gateway), label], max(waits, 0))
        yield from (length, oldest)

    def _attempts_by_outcome(self) -> Counted:
        ended = Attempt.objects.filter(started_at__gt=self._now - LATELY).exclude(outcome="")
        rows = ended.order_by().values_list("gateway", "outcome").annotate(Count("pk"))
        return {(gateway, outcome): many for gateway, outcome, many in rows}


def _gateways() -> Iterable[Gateway]:
    attempts = Attempt.objects.filter(gateway=OuterRef("pk"), outcome=Attempt.Outcome.ANSWERED)
    latest = attempts.order_by("-started_at").values("ended_at")[:1]
    rows = Gateway.objects.select_related("lease").defer("api_key")
    return rows.annotate(succeeded_at=Subquery(latest))


def _calls_by_state() -> Counted:
    """Failed reads are left out: what they were for is asked again, or was told to who waited."""
    unsettled = Call.objects.filter(state__in=STATES[:-1])
    failed = Call.objects.needing_somebody().filter(state=State.FAILED)
    rows = (
        row
        for calls in (unsettled, failed)
        for row in calls.order_by().values_list("gateway", "state").annotate(Count("pk"))
    )
    return {(gateway, state): many for gateway, state, many in rows}


def _counted(
    name: str,
    meaning: str,
    *,
    label: str,
    gateways: Iterable[Gateway],
    counted: Counted,
    values: Iterable[str],
) -> Metric:
    metric = _gauge(name, meaning, label)
    for gateway in gateways:
        for value in values:
            metric.add_metric([*_labels(gateway), value], counted.get((gateway.pk, value), 0))
    return metric


def _gauge(name: str, meaning: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"hub_systmone_{name}", meaning, labels=[*OF_A_GATEWAY, *labels])


def _labels(gateway: Gateway) -> list[str]:
    return [str(gateway.pk), gateway.name]
