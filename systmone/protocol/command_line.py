"""`python -m systmone call` and `python -m systmone functions`."""

import argparse
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from systmone.protocol import parameters
from systmone.protocol.answers import Answer
from systmone.protocol.client import Client, Settings
from systmone.protocol.devices import MemoryDeviceStore
from systmone.protocol.dialect import DELETE_NAMES, Dialect, same_function
from systmone.protocol.errors import (
    InvalidRequest,
    NotConnected,
    NotSent,
    OutcomeUnknown,
    Refused,
)
from systmone.protocol.functions import FUNCTIONS, function_named
from systmone.protocol.last_calls import last_calls
from systmone.protocol.plain import plain, plain_refusal
from systmone.protocol.requests import Request
from systmone.protocol.schemas import Schemas
from systmone.protocol.throttle import Limits
from systmone.protocol.values import Value

ANSWERED, REFUSED, OUTCOME_UNKNOWN, NOT_CONNECTED, BAD_USAGE = 0, 2, 3, 4, 64

EXIT_STATUSES = """\
exit status: 0 answered; 2 refused by SystmOne; 3 outcome unknown: look into the record before you
send it again; 4 could not connect, nothing was sent; 64 bad usage, or a rule of the specification
is broken, nothing was sent"""


def add_call_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `call`."""
    parser.epilog = EXIT_STATUSES
    parser.add_argument("function", metavar="FUNCTION", help="as `functions` lists them")
    parser.add_argument(
        "pairs", metavar="NAME=VALUE", nargs="*", help="a parameter, Identity.NhsNumber=9434765919"
    )
    parser.add_argument("--parameters", metavar="FILE.xml", type=Path, help="instead of the pairs")
    parser.add_argument("--host", default=Settings.host)
    parser.add_argument("--port", type=_port, default=Settings.port)
    parser.add_argument(
        "--api-key",
        default=os.environ.get("SYSTMONE_API_KEY", ""),
        help="given by TPP; better in the environment, as SYSTMONE_API_KEY",
    )
    parser.add_argument("--device-id", default="", help="empty: SystmOne asks its user to approve")
    parser.add_argument("--timeout", type=_seconds, metavar="SECONDS", help="for the whole call")
    parser.add_argument(
        "--margin",
        type=_seconds,
        default=Limits.margin,
        metavar="SECONDS",
        help="that the way to SystmOne may vary by; more through a tunnel (%(default)s)",
    )
    parser.add_argument(
        "--nhs-number-element",
        choices=["NhsNumber", "NHSNumber"],
        default=Dialect.nhs_number_element,
        help="how an NHS number is written in requests",
    )
    parser.add_argument("--schemas", metavar="FOLDER", type=Path, help="of GetXSDFiles' files")
    parser.add_argument("--json", action="store_true", help="print the typed answer as JSON")


def run_call(arguments: argparse.Namespace) -> int:
    """Call one function, print the answer, and give the exit status."""
    try:
        answer = _call(arguments)
    except (InvalidRequest, OSError) as error:
        return _say(f"{error}\n{getattr(error, 'fault', '')}".strip(), BAD_USAGE)
    except Refused as error:
        _print(json.dumps(plain_refusal(error)).encode() if arguments.json else error.document)
        lasting = "permanently" if error.permanent else "temporarily"
        return _say(f"refused {lasting}: {error.words}\n{error}", REFUSED)
    except OutcomeUnknown as error:
        return _say(f"outcome unknown: {error}", OUTCOME_UNKNOWN)
    except KeyboardInterrupt:
        return _say("outcome unknown: the call was interrupted.", OUTCOME_UNKNOWN)
    except (NotConnected, NotSent) as error:
        return _say(error, NOT_CONNECTED)
    typed = json.dumps(plain(answer), indent=2, ensure_ascii=False).encode
    _print(typed() if arguments.json else answer.envelope.document)
    return ANSWERED


def add_functions_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `functions`."""
    parser.add_argument(
        "function", metavar="FUNCTION", nargs="?", choices=[*FUNCTIONS, *DELETE_NAMES, None]
    )


def run_functions(arguments: argparse.Namespace) -> int:
    """List the functions, or one of them, with their parameters."""
    for name, request in FUNCTIONS.items():
        if arguments.function is None or same_function(arguments.function, name):
            print(f"{name} {request.version}: {request.summary}")
            for parameter in dict.fromkeys(parameters.names(request)):
                print(f"    {parameter.replace('.@', '@').replace('NHSNumber', 'NhsNumber')}=")
    return ANSWERED


def _call(arguments: argparse.Namespace) -> Answer[Value]:
    devices = MemoryDeviceStore(arguments.device_id)
    request = _request(arguments)
    with (
        last_calls(arguments.host, arguments.port) as past,
        Client(_settings(arguments), devices, past=past, clock=time.time) as client,
    ):
        try:
            return client.call(request, within=arguments.timeout or float("inf"))
        finally:
            if devices.load() != arguments.device_id:
                _say(f"SystmOne knows this device from now on by --device-id {devices.load()}", 0)


def _settings(arguments: argparse.Namespace) -> Settings:
    return Settings(
        api_key=arguments.api_key,
        host=arguments.host,
        port=arguments.port,
        timeout=arguments.timeout or Settings.timeout,
        approval_timeout=arguments.timeout or Settings.approval_timeout,
        limits=Limits(margin=arguments.margin),
        dialect=_dialect(arguments),
        schemas=Schemas(arguments.schemas) if arguments.schemas else None,
    )


def _dialect(arguments: argparse.Namespace) -> Dialect:
    dialect = Dialect(nhs_number_element=arguments.nhs_number_element)
    if arguments.function in DELETE_NAMES:
        return replace(dialect, delete_function=arguments.function)
    return dialect


def _request(arguments: argparse.Namespace) -> Request[Value]:
    try:
        kind = function_named(arguments.function)
    except KeyError:
        raise InvalidRequest(
            arguments.function, "Function Overview", "is no function; `functions` lists them"
        ) from None
    if arguments.parameters and arguments.pairs:
        raise InvalidRequest("--parameters", "Function Requests", "leaves no room for NAME=VALUE")
    if arguments.parameters:
        request = kind.from_xml(parameters.from_file(arguments.parameters))
        request.check_readable()
        return request
    typed = kind.from_xml(parameters.from_pairs(kind, arguments.pairs))
    typed.check_readable()
    return replace(typed)  # written anew, in the order of the specification


def _print(document: bytes) -> None:
    """Write `document`, in UTF-8 whatever the terminal speaks."""
    sys.stdout.buffer.write(document.strip() + b"\n")
    sys.stdout.flush()


def _say(message: object, status: int) -> int:
    print(message, file=sys.stderr)
    return status


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise ValueError("must be more than 0")
    return seconds


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 2**16:
        raise ValueError("must be from 1 to 65535")
    return port
