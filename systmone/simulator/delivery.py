"""How an answer leaves: whole and at once, or as a fault has it."""

import threading
import time
from collections.abc import Callable
from random import Random
from uuid import uuid4

from lxml import etree

from systmone.simulator.connections import Connection
from systmone.simulator.documents import Element, parse, serialised, set_text
from systmone.simulator.faults import Fault, Kind
from systmone.simulator.fiction.chance import chance_for
from systmone.simulator.reception import Verdict

GARBAGE = b"\x15\x03\x01<<< \xff\xfe this is not what you asked for & never will be\n"
LARGEST_FRAGMENT = 97
MOST_FRAGMENTS = 500

CUTS = frozenset({Kind.CUT_BEFORE_COMMIT, Kind.CUT_BEFORE_ANSWER, Kind.CUT_AFTER_ANSWER})


class Delivery:
    """Sends answers; `stopping` ends every wait."""

    def __init__(self, seed: int, stopping: threading.Event) -> None:
        self._chance: Random = chance_for(seed, "delivery")
        self._stopping = stopping
        self._ways: dict[Kind, Callable[[Connection, bytes, float], None]] = {
            Kind.SLOW: self._slow,
            Kind.DRIBBLE: self._dribble,
            Kind.FRAGMENTS: self._in_fragments,
            Kind.CUT_DURING_ANSWER: self._cut_during_answer,
        }

    def deliver(self, connection: Connection, verdict: Verdict) -> None:
        """Send the answer, if there is one, and cut the connection if the fault says so."""
        fault = verdict.fault
        if verdict.answer is not None:
            self._send(connection, verdict.answer + b"\n", fault)
        if fault is not None and fault.kind in CUTS:
            connection.cut()

    def _send(self, connection: Connection, data: bytes, fault: Fault | None) -> None:
        if fault is None:
            connection.send(data)
        elif fault.kind in self._ways:
            self._ways[fault.kind](connection, data, fault.seconds)
        else:
            connection.send(ALTERED.get(fault.kind, _unaltered)(data))

    def _slow(self, connection: Connection, data: bytes, seconds: float) -> None:
        self._stopping.wait(seconds)
        connection.send(data)

    def _dribble(self, connection: Connection, data: bytes, seconds: float) -> None:
        start = time.monotonic()
        for place in range(len(data)):
            if connection.is_cut:
                return
            connection.send(data[place : place + 1])
            ahead = start + seconds * place / len(data) - time.monotonic()
            if ahead > 0:
                self._stopping.wait(ahead)

    def _in_fragments(self, connection: Connection, data: bytes, seconds: float) -> None:
        largest = max(LARGEST_FRAGMENT, len(data) // MOST_FRAGMENTS * 2)
        while data and not connection.is_cut:
            size = self._chance.randint(1, largest)
            connection.send(data[:size])
            data = data[size:]
            self._stopping.wait(0.0005)

    def _cut_during_answer(self, connection: Connection, data: bytes, seconds: float) -> None:
        connection.send(data[: len(data) // 2])
        connection.cut()


def _unaltered(data: bytes) -> bytes:
    return data


def _pretty_printed(data: bytes) -> bytes:
    root = parse(data)
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _other_answer(data: bytes) -> bytes:
    return _with_texts(data, RequestUID=str(uuid4()).upper(), ResponseUID=str(uuid4()).upper())


def _wrong_function(data: bytes) -> bytes:
    root = parse(data)
    is_functions = root.findtext("Function") == "GetFunctions"
    return _with_texts(data, Function="IsPatientRetrieved" if is_functions else "GetFunctions")


def _with_texts(data: bytes, **texts: str) -> bytes:
    root: Element = parse(data)
    for tag, text in texts.items():
        set_text(root, tag, text)
    return serialised(root) + b"\n"


ALTERED: dict[Kind, Callable[[bytes], bytes]] = {
    Kind.PRETTY_PRINTED: _pretty_printed,
    Kind.NO_NEWLINE: bytes.rstrip,
    Kind.GARBAGE: lambda data: GARBAGE,
    Kind.OTHER_ANSWER: _other_answer,
    Kind.OTHER_ANSWER_FIRST: lambda data: _other_answer(data) + data,
    Kind.WRONG_FUNCTION: _wrong_function,
}
