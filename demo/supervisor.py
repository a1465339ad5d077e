"""Run the whole product in the foreground: Redis, the data, its programs, and what it talks to."""

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from demo import programs
from demo.console import Problem, say, step
from demo.folder import Demo
from demo.pause import StopRequested, pause
from demo.probes import redis_answers, what_is_missing
from demo.processes import spawn, stop
from demo.service import Service
from wards.tiers import Tier

PROJECT = Path(__file__).resolve().parent.parent
BETWEEN_PROBES = 0.2  # seconds
BETWEEN_EXCUSES = 10  # seconds


class Supervisor:
    """Starts the parts of one demo in order, tends them, and stops them, Redis last."""

    def __init__(self, demo: Demo, environment: Mapping[str, str]) -> None:
        self.demo = demo
        self.environment = environment
        self.services: list[Service] = []

    def run(self) -> None:
        """Run until somebody asks to stop, or a part cannot be kept alive."""
        try:
            self._start()
            while True:
                self._tend()
        except StopRequested:
            say("\nStopping …")
        finally:
            self._stop()

    def _start(self) -> None:
        with step("Starting Redis"):
            self._start_service(programs.redis(self.demo))
            while not redis_answers(self.demo.redis_socket):
                self._tend(BETWEEN_PROBES)
        with step("Preparing database, static files and demo data"):
            self._manage("prepare_demo")
        services = programs.services(self.demo)
        with step(f"Starting {', '.join(program.name for program in services)}"):
            for program in services:
                self._start_service(program)
            self._wait_until_ready()
        say(self._manage("demo_welcome"))
        if self.demo.tier == Tier.MAX_PLUS:
            say(
                f"\nThe SystmOne simulator listens on 127.0.0.1:{self.demo.systmone_port} and "
                f"shows its message audit at http://127.0.0.1:{self.demo.systmone_page_port}/"
            )
        say("Ctrl-C stops everything.")

    def _start_service(self, program: programs.Program) -> None:
        self.demo.logs.mkdir(exist_ok=True)
        service = Service(
            program, folder=PROJECT, logs=self.demo.logs, environment=self.environment
        )
        self.services.append(service)
        service.start()

    def _tend(self, seconds: float = 1) -> None:
        pause(seconds)
        for service in self.services:
            service.tend()

    def _wait_until_ready(self) -> None:
        next_excuse = time.monotonic() + BETWEEN_EXCUSES
        while missing := what_is_missing(self.demo.port):
            if time.monotonic() >= next_excuse:
                say(f"\n  still waiting for {missing} … ", end="")
                next_excuse += BETWEEN_EXCUSES
            self._tend(BETWEEN_PROBES)

    def _manage(self, name: str) -> str:
        """Run a management command to its end; return its output, or raise it as a Problem."""
        with tempfile.TemporaryFile() as output:
            command = spawn(
                programs.manage(name),
                output=output,
                environment=self.environment,
                folder=PROJECT,
            )
            try:
                while command.poll() is None:
                    self._tend()
            finally:
                stop([command])
            output.seek(0)
            said = output.read().decode(errors="replace").rstrip()
        if command.returncode:
            raise Problem(f"manage.py {name} failed:\n{said}")
        return said

    def _stop(self) -> None:
        running = [service.process for service in self.services if service.process]
        stop(running[1:])
        stop(running[:1])  # Redis, which the others need to the end
