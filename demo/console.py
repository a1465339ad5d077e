"""What the supervisor says to the person in front of it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Problem(Exception):
    """A sentence that says why the demo cannot go on, and what helps."""


def say(text: str, *, end: str = "\n") -> None:
    """Print `text` at once; a terminal that was closed is no reason to stop half-way."""
    with suppress(OSError):
        print(text, end=end, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what begins, then how many seconds it took."""
    say(f"{text} … ", end="")
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say("")
        raise
    say(f"{time.monotonic() - began:.1f} s")
