"""The web server, PostgreSQL and Redis under load, each of which can be killed."""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, Self

from benchmarks.bench import Bench, wait_for
from demo.probes import free_port
from demo.processes import Process, spawn, stop, sweep
from demo.programs import redis_command
from tests.servers import Cluster

DATABASE = "hub"
WEB = (
    *(sys.executable, "-m", "granian", "--interface=wsgi", "--no-ws", "--workers=2"),
    *("--blocking-threads=2", "--respawn-failed-workers", "inpatient_hub.wsgi:application"),
)  # as docs/operations.md says


class Stage:
    """The Hub on a database with audits to come, all in `folder`."""

    def __init__(self, folder: Path, *, audits: int) -> None:
        self.port = free_port()
        self.postgresql = Cluster(folder, "--fsync=on")
        self._audits = audits
        self._folder = folder
        self._redis_socket = folder / "redis.sock"
        self._log = (folder / "log").open("ab")

    def __enter__(self) -> Self:
        self.postgresql.start()
        self.bench = Bench(self._folder, self.postgresql.url)
        self.bench.create_database(DATABASE, like="empty")
        self.known = self.hub(f"load(tasks={self._audits * 4}, audits={self._audits})")
        self.environment = {
            **self.bench.environment(DATABASE),
            "HUB_SYNC_RATE_LIMIT": "1000000/second",
            "REDIS_URL": f"unix://{self._redis_socket}",
        }
        self.redis = self._spawn(*redis_command(self._redis_socket))
        self.web = self._spawn(*WEB, f"--port={self.port}")
        wait_for(self.web, self.port)
        return self

    def __exit__(self, *_: object) -> None:
        stop([self.web, self.redis], how=signal.SIGKILL)
        self.postgresql.stop()
        self._log.close()

    def hub(self, call: str) -> Any:
        """Call a function of `benchmarks.audits` on the database; return what it printed."""
        name = call.partition("(")[0]
        said = self.bench.call(DATABASE, f"from benchmarks.audits import {name}; {call}")
        return json.loads(said)

    def kill_a_web_worker(self) -> None:
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text()
        os.kill(int(children.split()[-1]), signal.SIGKILL)

    def restart_redis(self) -> None:
        sweep(self.redis)
        self.redis = self._spawn(*redis_command(self._redis_socket))

    def restart_postgresql(self) -> None:
        self.postgresql.stop()
        self.postgresql.start()

    def _spawn(self, *command: str) -> Process:
        return spawn(
            command, output=self._log, environment=self.environment, death_signal=signal.SIGTERM
        )
