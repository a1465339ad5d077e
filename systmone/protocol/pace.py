"""Where the times of the last requests are kept, so that the throttle holds beyond one client.

The client saves them before a request leaves. Clients that share one SystmOne client must share a
store, and take turns.
"""

from typing import Protocol

from systmone.protocol.throttle import NOTHING_SENT, Past


class PastStore(Protocol):
    """Keeps the past of one SystmOne client, on the clock that the client is given."""

    def load(self) -> Past:
        """The past, or `NOTHING_SENT`."""
        ...

    def save(self, past: Past) -> None:
        """Keep `past`."""
        ...


class MemoryPast:
    """Keeps the past as long as the process lives."""

    def __init__(self) -> None:
        self._past = NOTHING_SENT

    def load(self) -> Past:
        """The past."""
        return self._past

    def save(self, past: Past) -> None:
        """Keep `past`."""
        self._past = past
