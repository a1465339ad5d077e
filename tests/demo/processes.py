"""Which processes belong to a demo: all that carry its folder in their environment or name."""

import time
from pathlib import Path


def of_demo(folder: Path) -> list[str]:
    """Return the command lines of the processes of the demo in `folder`."""
    commands: list[str] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes().split(b"\0")
            command = (process / "cmdline").read_text().replace("\0", " ")
        except OSError:  # it has ended, or belongs to somebody else
            continue
        # Redis writes its title over its environment.
        if f"HUB_DATA={folder}".encode() in environment or f"{folder}/redis.sock" in command:
            commands.append(command)
    return commands


def wait_until_gone(folder: Path, *, seconds: float = 10) -> list[str]:
    """Give the processes of a demo time to end; return those that have not."""
    deadline = time.monotonic() + seconds
    while (left := of_demo(folder)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left
