"""How near the SystmOne client comes to the permitted rate, and what its codec costs.

    .venv/bin/python -m benchmarks.systmone_throughput [--seconds 60]

Prints the rate reached over the rate permitted (at least 0.98, nothing dropped), and the time to
turn a 5 MB record from received bytes into its typed answer over the time that lxml needs to parse
the same bytes (at most 1.5). Fails where one of them does not hold.
"""

import argparse
import itertools
import os
import statistics
import struct
import sys
import time
from collections.abc import Callable

from lxml import etree

from systmone.protocol.client import Client, Settings
from systmone.protocol.devices import MemoryDeviceStore
from systmone.protocol.envelope import read_response
from systmone.protocol.framing import DocumentReader
from systmone.protocol.functions import (
    GetDiary,
    GetFunctions,
    GetPatientRecord,
    PatientSearch,
    UpdatePatientRecord,
)
from systmone.protocol.functions.get_patient_record import DEMOGRAPHICS_ONLY, PatientRecord
from systmone.protocol.identity import Identity
from systmone.protocol.record.events import Event, Narrative
from systmone.protocol.requests import Request
from systmone.protocol.throttle import Need, earliest
from systmone.protocol.values import Value
from systmone.simulator.simulator import Simulator

PATIENT = Identity(nhs_number="9434765919")
NOTE = Event(narratives=(Narrative.from_text("Slept well."),))
WHOLE_RECORD = GetPatientRecord(identity=PATIENT)
OTHERS: tuple[Request[Value], ...] = (
    GetFunctions(),
    PatientSearch(surname="S", gender="F"),
    GetPatientRecord(identity=PATIENT, filter=DEMOGRAPHICS_ONLY),
    UpdatePatientRecord(identity=PATIENT, events=(NOTE,)),
    GetDiary(),
)

RECORD_BYTES = 5_000_000
ROUNDS = 15
PIECE = 256 * 1024  # bytes that a socket gives at once
EVENT = (
    b'<Event DateTime="2026-11-20T10:00:00" UserName="aokafor" DoneBy="OKAFOR, Amara" '
    b'EventUID="5f1ce04200000000"><Narrative><Line>Seen on the ward, slept six hours.</Line>'
    b'</Narrative><ClinicalCode><Code Scheme="CTV3" Code="22A.." Term="O/E - weight"/>'
    b"<Value>81.4</Value><Units>kg</Units></ClinicalCode></Event>"
)


def throughput(seconds: float) -> tuple[float, int]:
    """The rate reached over the rate permitted, and how many requests went unanswered."""
    with Simulator() as simulator:
        settings = Settings(api_key="k", port=simulator.port, timeout=5)
        sent: list[float] = []
        with Client(settings, MemoryDeviceStore(simulator.register_device())) as client:
            end = time.monotonic() + seconds
            others = itertools.cycle(OTHERS)
            while time.monotonic() < end:
                client.call(WHOLE_RECORD if _a_record_may_go(client, settings) else next(others))
                sent.append(client.past.sent or 0)
        dropped = sum(entry.outcome != "answered" for entry in simulator.journal.entries)
    permitted = (sent[-1] - sent[0]) / settings.limits.between_requests
    return (len(sent) - 1) / permitted, dropped


def _a_record_may_go(client: Client, settings: Settings) -> bool:
    """Whether the second limit lets a whole record go as soon as the first one does."""
    next_turn = time.monotonic() + settings.limits.between_requests
    return earliest(Need(record_limit=True), client.past, settings.limits) <= next_turn


def decode(document: bytes) -> PatientRecord:
    """From the bytes of a socket to the typed answer."""
    reader = DocumentReader()
    whole = [
        one
        for start in range(0, len(document), PIECE)
        for one in reader.feed(document[start : start + PIECE])
    ]
    return PatientRecord.from_xml(read_response(whole[0]).response)


def codec() -> tuple[float, float]:
    """Decoding over bare parsing: to the typed answer, and with every event in it looked at."""
    document = (
        b"<ClientIntegrationResponse><RequestUID>1</RequestUID><Function>GetPatientRecord"
        b"</Function><Response><Identity><NHSNumber>9434765919</NHSNumber></Identity><Clinical>"
        + EVENT * (RECORD_BYTES // len(EVENT))
        + b"</Clinical></Response></ClientIntegrationResponse>\n"
    )
    sides: tuple[Callable[[], object], ...] = (
        lambda: etree.fromstring(document),
        lambda: decode(document),
        lambda: list(decode(document).events),
    )
    times = [[_seconds(side) for side in sides] for _ in range(ROUNDS)]
    bare, typed, every_event = (statistics.median(column) for column in zip(*times, strict=True))
    return typed / bare, every_event / bare


def _seconds(side: Callable[[], object]) -> float:
    """The time of one call in a fresh process, where no side finds the other's memory."""
    reading, writing = os.pipe()
    if not os.fork():
        started = time.perf_counter()
        side()
        os.write(writing, struct.pack("d", time.perf_counter() - started))
        os._exit(0)
    os.wait()
    (seconds,) = struct.unpack("d", os.read(reading, 8))
    os.close(reading)
    os.close(writing)
    return float(seconds)


def main() -> int:
    """Measure, print, and fail where a claim does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="of mixed requests")
    typed, every_event = codec()
    print(f"codec: {typed:.2f} of bare lxml parsing ({every_event:.1f} with every event read)")
    rate, dropped = throughput(parser.parse_args().seconds)
    print(f"throughput: {rate:.4f} of the permitted rate, {dropped} dropped")
    return int(typed > 1.5 or rate < 0.98 or dropped > 0)


if __name__ == "__main__":
    sys.exit(main())
