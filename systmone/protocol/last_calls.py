"""When the command line last called a SystmOne client, so that the next command keeps the limits.

Kept per address in a file of the user's, which holds times and nothing else. Where no file can be
written, the limits hold within one command only.
"""

import json
import os
import time
from dataclasses import asdict
from pathlib import Path

from systmone.protocol.throttle import NOTHING_SENT, Past


def load(host: str, port: int) -> Past:
    """The past of calls to this address, in seconds of `time.time()`."""
    try:
        past = Past(**json.loads(_path(host, port).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return NOTHING_SENT
    return past if (past.sent or 0) <= time.time() else NOTHING_SENT


def save(host: str, port: int, past: Past) -> None:
    """Keep `past` for the next command."""
    path = _path(host, port)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(asdict(past)), encoding="utf-8")
        fresh.replace(path)
    except OSError:
        return


def _path(host: str, port: int) -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "systmone" / f"{host.replace(':', '-')}-{port}.json"
