"""Child processes that never outlive their parent, each in a session of its own."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from demo.pause import release_signals

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>

Process = subprocess.Popen[bytes]


def spawn(
    command: Sequence[str | Path],
    *,
    output: IO[bytes],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    death_signal: signal.Signals = signal.SIGKILL,
) -> Process:
    """Start `command` in `folder`; it gets `death_signal` when this process dies."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=environment,
        cwd=folder,
        start_new_session=True,
        preexec_fn=_tie_to_parent(death_signal),  # noqa: PLW1509  there are no threads here
    )


def _tie_to_parent(death_signal: signal.Signals) -> Callable[[], None]:
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def in_the_child() -> None:
        release_signals()
        libc.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # it died before it could be watched
            os._exit(1)

    return in_the_child


def stop(
    processes: Sequence[Process], *, how: signal.Signals = signal.SIGTERM, seconds: float = 10
) -> None:
    """Ask all `processes` to end; after `seconds`, kill what is left of their sessions."""
    for process in processes:
        process.send_signal(how)
    deadline = time.monotonic() + seconds
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0, deadline - time.monotonic()))
        sweep(process)


def sweep(process: Process) -> None:
    """Kill `process` and whatever it started and left behind."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
