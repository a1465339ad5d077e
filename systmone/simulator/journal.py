"""What SystmOne's "Client Integration Message Audit" screen shows (section Audit Trail)."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TextIO

KEPT = 5_000
LONGEST_REQUEST = 200_000
"""Characters of a request that are kept, so that large documents do not fill the memory."""


class Outcome(StrEnum):
    """What became of a request at SystmOne's end."""

    ANSWERED = "answered"
    REFUSED_TEMPORARILY = "refused temporarily"
    REFUSED_PERMANENTLY = "refused permanently"
    THROTTLED = "throttled"
    UNREADABLE = "unreadable"
    NOT_ANSWERED = "not answered"


@dataclass(frozen=True)
class Entry:
    """One request; `fault` is the fault on demand that befell it, "" for none.

    `committed` says whether the request changed what is stored; with LeaveRecordOpen that waits
    for the user. `error` is the error answer.
    """

    number: int
    time: str
    request_uid: str
    device: str
    device_version: str
    function: str
    outcome: Outcome
    fault: str
    committed: bool
    request: str
    error: str


class Journal:
    """The newest entries in memory, and all of them in a file of JSON Lines. Thread-safe."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Condition()
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._file: TextIO | None = None
        if path is not None:
            self._file = path.open("a", encoding="utf-8")
        self._count = 0

    def next_number(self) -> int:
        """Return the number of the next entry."""
        with self._lock:
            self._count += 1
            return self._count

    def write(self, entry: Entry) -> None:
        """Add an entry; it is in the file when this returns."""
        with self._lock:
            self._entries.append(entry)
            self._lock.notify_all()
            if self._file is not None:
                self._file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
                self._file.flush()

    def close(self) -> None:
        """Close the file; the entries in memory stay."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    @property
    def entries(self) -> list[Entry]:
        """The entries in memory, oldest first."""
        with self._lock:
            return list(self._entries)

    def of(self, function: str) -> list[Entry]:
        """Return the entries for one function, oldest first."""
        return [entry for entry in self.entries if entry.function == function]

    def wait_for(self, count: int, seconds: float) -> list[Entry]:
        """Return the entries when there are `count` of them, or when the time is over."""
        with self._lock:
            self._lock.wait_for(lambda: len(self._entries) >= count, seconds)
            return list(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        """Go through the entries in memory, oldest first."""
        return iter(self.entries)

    def __len__(self) -> int:
        """Count the entries in memory."""
        return len(self._entries)
