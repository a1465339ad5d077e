"""The servers for `benchmarks/outbox.py`: PostgreSQL, Redis, Celery workers, two simulators."""

import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bench import Bench, wait_for
from demo.probes import free_port
from demo.processes import Process, spawn, stop
from demo.programs import redis_command
from tests.servers import running_postgresql

WORKERS = 2
WORKER = (
    *(sys.executable, "-m", "celery", "--app=inpatient_hub", "worker"),
    *("--queues=celery,systmone", "--pool=solo", "--without-mingle", "--without-gossip"),
)
SIMULATE = (sys.executable, "-m", "systmone", "simulate")
WITHOUT_LIMITS = ("--seconds-between-requests=0", "--seconds-between-records=0")


def main() -> int:
    """Start the servers, measure in a process of its own, and return its exit status."""
    with TemporaryDirectory(prefix="hub-benchmark-") as name, ExitStack() as stack:
        folder = Path(name)
        bench = Bench(folder, stack.enter_context(running_postgresql(folder)))
        socket = folder / "redis.sock"
        environment = {**bench.environment("empty"), "REDIS_URL": f"unix://{socket}"}
        log = stack.enter_context((folder / "log").open("wb"))

        def start(*command: str) -> Process:
            process = spawn(command, output=log, environment=environment)
            stack.callback(stop, [process])
            return process

        start(*redis_command(socket))
        ports = [free_port(), free_port()]
        for port, limits in zip(ports, ((), WITHOUT_LIMITS), strict=True):
            wait_for(start(*SIMULATE, f"--port={port}", *limits), port)
        for _ in range(WORKERS):
            start(*WORKER)
        return _measure(ports, environment)


def _measure(ports: list[int], environment: Mapping[str, str]) -> int:
    measure = [sys.executable, "-m", "benchmarks.outbox", *map(str, ports), *sys.argv[1:]]
    return subprocess.run(measure, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
