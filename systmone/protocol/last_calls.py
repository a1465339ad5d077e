"""When the command line last called a SystmOne client, so that the next command keeps the limits.

Kept per address in a file of the user's, which holds times and nothing else and is locked while a
command runs (but not on Windows). Where no file can be written, the limits hold within one command.
"""

import json
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from systmone.protocol.throttle import NOTHING_SENT, Past

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class FilePast:
    """Keeps the past in an open file, in seconds of `time.time()`."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def load(self) -> Past:
        """The past; nothing where the file does not hold one."""
        self._file.seek(0)
        try:
            kept = json.load(self._file)
            return Past(**{name: None if at is None else float(at) for name, at in kept.items()})
        except (ValueError, TypeError, AttributeError):
            return NOTHING_SENT

    def save(self, past: Past) -> None:
        """Keep `past` for the next command."""
        self._file.seek(0)
        self._file.truncate()
        json.dump(asdict(past), self._file)
        self._file.flush()


@contextmanager
def last_calls(host: str, port: int) -> Iterator[FilePast]:
    """The past of calls to this address, for this command alone until it ends."""
    with _opened(host, port) as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield FilePast(file)


def _opened(host: str, port: int) -> TextIO:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    try:
        address = socket.gethostbyname(host)
    except (OSError, UnicodeError):
        address = host
    path = cache / "systmone" / f"{address.replace(':', '-')}-{port}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        return path.open("r+", encoding="utf-8")
    except OSError:
        return tempfile.TemporaryFile("w+", encoding="utf-8")
