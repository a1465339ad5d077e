"""Measures the SystmOne gateway: how soon a lookup starts, the rate reached, what a call costs.

A minute with a backlog of 500 background calls, as nurses look up patients: with TPP's limits a
lookup starts within 2 send slots (95 of 100), at least 97 % of the permitted requests are sent, and
none is dropped. Without limits, a call through the outbox takes at most 20 ms more than the bare
client takes for the same request; the two take turns.
"""

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import django

django.setup()

from django.db.models import Min  # noqa: E402
from django.utils import timezone  # noqa: E402

from systmone import gateways  # noqa: E402
from systmone.calls import About, ask  # noqa: E402
from systmone.dispatcher import Speaker  # noqa: E402
from systmone.lease import lease_of  # noqa: E402
from systmone.models import Attempt, Call, Gateway, Priority  # noqa: E402
from systmone.protocol.client import Client, Settings  # noqa: E402
from systmone.protocol.devices import MemoryDeviceStore  # noqa: E402
from systmone.protocol.functions import GetFunctions, PatientSearch  # noqa: E402
from systmone.protocol.throttle import Limits  # noqa: E402
from tests.factories import WardFactory  # noqa: E402
from wards.actors import Actor, Source  # noqa: E402
from wards.models import Ward  # noqa: E402

BENCHMARK = Actor("The benchmark", Source.COMMAND)
API_KEY = "f31e26725b5491f2"
SLOT = 1.0  # second, as TPP permits
BACKLOG = 500
BETWEEN_LOOKUPS = (1.5, 4.0)  # seconds
PATIENCE = 60  # seconds
ROUNDS, CALLS_A_ROUND = 10, 30

MOST_SLOTS, LEAST_RATE, MOST_COST = 2.0, 0.97, 0.020


def gateway_to(port: int, **limits: float) -> Gateway:
    """Return a gateway to a simulator, with a ward of its own."""
    ward: Ward = WardFactory.create(name=f"Ward of {port}")
    gateway = Gateway(name=f"PC at {port}", host="127.0.0.1", port=port, api_key=API_KEY, **limits)
    gateways.add(gateway=gateway, wards=[ward], by=BENCHMARK)
    return gateway


def put(gateway: Gateway, priority: Priority, surname: str) -> Call:
    """Put a search into the outbox."""
    return ask(
        gateway=gateway,
        request=PatientSearch(surname=surname, gender="F"),
        by=BENCHMARK,
        priority=priority,
        within=timedelta(hours=1),
        about=About(ward=Ward.objects.get(gateway_ward__gateway=gateway)),
    )


def under_backlog(gateway: Gateway, seconds: float) -> tuple[float, float, int]:
    """The slots that a lookup waits, the rate over the permitted one, and the calls dropped."""
    for _ in range(BACKLOG):
        put(gateway, Priority.BACKGROUND, "B")
    began = _first_answer(gateway)
    ends, lookups = time.monotonic() + seconds, []
    while time.monotonic() < ends:
        lookups.append(put(gateway, Priority.PERSON_WAITS, "L"))
        time.sleep(random.uniform(*BETWEEN_LOOKUPS))  # noqa: S311
    time.sleep(MOST_SLOTS * SLOT + gateway.seconds_for_an_answer / 10)
    attempts = Attempt.objects.filter(call__in=lookups)
    starts = dict(attempts.values_list("call").annotate(Min("started_at")))
    waited = [
        (starts[call.pk] - call.created_at).total_seconds() if call.pk in starts else float("inf")
        for call in lookups
    ]
    sent = Attempt.objects.filter(gateway=gateway, started_at__gte=began).order_by("started_at")
    times = list(sent.values_list("started_at", flat=True))
    permitted = (times[-1] - times[0]).total_seconds() / SLOT
    dropped = sent.exclude(ended_at=None).exclude(outcome=Attempt.Outcome.ANSWERED).count()
    p95 = statistics.quantiles(waited, n=20, method="inclusive")[-1]
    return p95 / SLOT, (len(times) - 1) / permitted, dropped


def _first_answer(gateway: Gateway) -> datetime:
    """Wait until SystmOne has approved the Hub and answered; workers take a while to start."""
    deadline = time.monotonic() + PATIENCE
    answered = Attempt.objects.filter(gateway=gateway, outcome=Attempt.Outcome.ANSWERED)
    while not answered.exists():
        if time.monotonic() > deadline:
            raise RuntimeError("No call was answered: see the log of the workers.")
        time.sleep(0.1)
    return timezone.now()


def own_cost(gateway: Gateway) -> tuple[float, float]:
    """Seconds that a call takes through the outbox, and by the bare client."""
    settings = Settings(api_key=API_KEY, port=gateway.port, limits=Limits(0, 0))
    through_outbox, bare = [], []
    device = MemoryDeviceStore("")
    with lease_of(gateway) as hold, Client(settings, device) as client:
        if hold is None:
            raise RuntimeError("another process speaks to this gateway")
        speaker = Speaker(gateway, hold)
        client.call(GetFunctions())
        for _ in range(ROUNDS):
            for _ in range(CALLS_A_ROUND):
                put(gateway, Priority.BACKGROUND, "C")
            for _ in range(CALLS_A_ROUND):
                through_outbox.append(_seconds(speaker.step))
                bare.append(_seconds(lambda: client.call(PatientSearch(surname="C", gender="F"))))
        speaker.close()
    return statistics.median(through_outbox), statistics.median(bare)


def _seconds(step: Callable[[], object]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def main() -> int:
    """Measure, print, and fail where a claim does not hold."""
    parser = argparse.ArgumentParser(prog="benchmarks/gateway.py", description=__doc__)
    parser.add_argument("ports", nargs=2, type=int, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=60, help="with a backlog")
    parser.add_argument("--json", action="store_true", help="the last line is the figures as JSON")
    wanted = parser.parse_args()
    with_limits, without_limits = wanted.ports
    slots, rate, dropped = under_backlog(gateway_to(with_limits), wanted.seconds)
    print(f"lookups start after {slots:.2f} send slots (p95) under a backlog of {BACKLOG} calls")
    print(f"throughput: {rate:.4f} of the permitted rate, {dropped} dropped")
    through, bare = own_cost(
        gateway_to(without_limits, seconds_between_requests=0, seconds_between_records=0)
    )
    cost = through - bare
    print(
        f"a call: {through * 1000:.1f} ms through the outbox, {bare * 1000:.1f} ms by the client: "
        f"{cost * 1000:.1f} ms of its own, {through / bare:.1f} times"
    )
    figures = {"slots": slots, "rate": rate, "dropped": dropped, "cost": cost}
    if wanted.json:
        print(json.dumps(figures))
    return int(slots > MOST_SLOTS or rate < LEAST_RATE or dropped > 0 or cost > MOST_COST)


if __name__ == "__main__":
    sys.exit(main())
