"""A program that is started again when it dies."""

import time
from collections.abc import Mapping
from pathlib import Path

from demo.console import Problem, say
from demo.processes import Process, spawn, sweep
from demo.programs import Program

QUICK = 30  # seconds: who lives longer than this did not fail to start
QUICK_DEATHS_ALLOWED = 5
LINES_OF_LOG = 20


class Service:
    """A program, its log file, and how often it died."""

    def __init__(
        self, program: Program, *, folder: Path, logs: Path, environment: Mapping[str, str]
    ) -> None:
        self.program = program
        self.folder = folder
        self.environment = environment
        self.log = logs / f"{program.name.lower()}.log"
        self.process: Process | None = None
        self.quick_deaths = 0
        self.start_at = 0.0
        self.started_at = 0.0

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = spawn(
                self.program.command,
                output=output,
                environment=self.environment,
                folder=self.folder,
                death_signal=self.program.death_signal,
            )
        self.started_at = time.monotonic()

    def tend(self) -> None:
        """Notice a death, and start again when it is time; raise Problem if that is hopeless."""
        if self.process and self.process.poll() is not None:
            self._bury(self.process)
        if self.process is None and time.monotonic() >= self.start_at:
            self.start()

    def _bury(self, process: Process) -> None:
        sweep(process)
        self.process = None
        died_quickly = time.monotonic() - self.started_at < QUICK
        self.quick_deaths = self.quick_deaths + 1 if died_quickly else 0
        if self.quick_deaths == QUICK_DEATHS_ALLOWED:
            raise Problem(
                f"{self.program.name} died {QUICK_DEATHS_ALLOWED} times in a row. "
                f"The end of {self.log}:\n{tail(self.log)}"
            )
        delay = back_off(self.quick_deaths)
        self.start_at = time.monotonic() + delay
        say(
            f"{self.program.name} ended with status {process.returncode}: "
            f"starting it again in {delay:g} s."
        )


def back_off(quick_deaths: int) -> float:
    """Return how many seconds to wait: half a second at first, then twice as long each time."""
    return float(2 ** (quick_deaths - 1))


def tail(log: Path) -> str:
    """Return the last lines of a log file."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-LINES_OF_LOG:])
