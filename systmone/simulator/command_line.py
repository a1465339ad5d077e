"""The simulator as a program: `python -m systmone simulate`."""

import argparse
import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from systmone.simulator.devices import Approval
from systmone.simulator.documents import NotXml
from systmone.simulator.faults import Fault, Kind, read_script
from systmone.simulator.page import AuditPage
from systmone.simulator.simulator import Simulator
from systmone.simulator.throttle import REAL_LIMITS, Limits

ENDED = 0
CANNOT_START = 1
BAD_USAGE = 64
LOOKS_EVERY = 0.1
"""Seconds between two looks at whether the program should end."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `run` reads."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=40700, help="port to listen on; 0: any free")
    parser.add_argument("--data", type=Path, metavar="FILE", help="keep the unit in this file")
    parser.add_argument(
        "--approve",
        choices=list(Approval),
        default=Approval.AUTO,
        help="what happens to an application without a DeviceID; ask: here or on the page",
    )
    parser.add_argument("--seed", type=int, default=1, help="which unit to invent")
    parser.add_argument("--api-key", metavar="KEY", help="accept this API key only")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="KIND[,function=NAME][,after=N][,count=N][,rate=R][,seconds=S]",
        help=f"let requests go wrong; may be repeated; KIND is one of: {', '.join(Kind)}",
    )
    parser.add_argument(
        "--fault-script",
        type=Path,
        metavar="FILE",
        help="one fault per line and request; a blank line or ok: none",
    )
    parser.add_argument("--journal", type=Path, metavar="FILE", help="write JSON Lines here")
    parser.add_argument("--page", type=int, metavar="PORT", help="show the message audit here")
    for name, default, dropped in (
        ("--seconds-between-requests", REAL_LIMITS.between_requests, "request"),
        ("--seconds-between-records", REAL_LIMITS.between_records, "request for a whole record"),
    ):
        text = f"drop a {dropped} that comes sooner; 0: never; default: {default:g}"
        parser.add_argument(name, type=float, default=default, metavar="S", help=text)


def run(arguments: argparse.Namespace) -> int:
    """Run until SIGTERM, Ctrl-C or ExitClient; return the exit status."""
    try:
        faults = [Fault.read(text) for text in arguments.fault]
        path = arguments.fault_script
        script = [] if path is None else read_script(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return _complain(f"bad fault: {error}", BAD_USAGE)
    try:
        simulator = _simulator(arguments, faults, script)
    except (OSError, OverflowError, NotXml) as error:
        return _complain(f"cannot start: {error}", CANNOT_START)
    with _asked_to_end() as ending, contextlib.ExitStack() as stack:
        stack.enter_context(simulator)
        line = f"SystmOne simulator on {simulator.host}:{simulator.port}"
        if arguments.page is not None:
            try:
                page = stack.enter_context(AuditPage(simulator, arguments.page))
            except (OSError, OverflowError) as error:
                return _complain(f"cannot show the page: {error}", CANNOT_START)
            line += f", message audit on {page.url}"
        _say(line)
        if arguments.approve == Approval.ASK and sys.stdin.isatty():
            threading.Thread(target=_ask_at_terminal, args=(simulator,), daemon=True).start()
        while not ending.is_set() and not simulator.wait_for_exit(LOOKS_EVERY):
            pass
    return ENDED


def _simulator(
    arguments: argparse.Namespace, faults: list[Fault], script: list[Fault | None]
) -> Simulator:
    return Simulator(
        seed=arguments.seed,
        data=arguments.data,
        host=arguments.host,
        port=arguments.port,
        approve=arguments.approve,
        api_key=arguments.api_key,
        limits=Limits(arguments.seconds_between_requests, arguments.seconds_between_records),
        faults=faults,
        script=script,
        journal=arguments.journal,
    )


@contextlib.contextmanager
def _asked_to_end() -> Iterator[threading.Event]:
    """Give an event that SIGTERM and Ctrl-C set."""
    ending = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: ending.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield ending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ask_at_terminal(simulator: Simulator) -> None:
    answer = "none yet"
    while answer:
        question = simulator.devices.wait_for_question(60)
        if question is not None:
            _say(f"{question.device_version!r} (API key {question.api_key!r}) wants to connect.")
            _say("approve or block?")
            answer = sys.stdin.readline()
            choices = {"approve": Approval.AUTO, "a": Approval.AUTO, "block": Approval.BLOCK}
            choice = choices.get(answer.strip().lower())
            if simulator.devices.question is question and choice is not None:
                simulator.devices.decide(choice)
                simulator.devices.wait_until_decided()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _complain(reason: str, status: int) -> int:
    sys.stderr.write(f"systmone simulate: {reason}\n")
    return status
