"""The servers and processes of the proof, each of which can be killed and started again."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import redis
from celery import Celery
from lxml import etree

from demo.probes import free_port
from demo.processes import Process, spawn, stop, sweep
from demo.programs import redis_command
from tests.servers import Cluster
from tests.web_server import REPOSITORY

WORKERS = 2
POOLS = (["--pool=solo"], ["--pool=prefork", "--concurrency=1"])
FAULTS = (
    "no-answer-before-commit,rate=0.03",
    "no-answer-after-commit,rate=0.03",
    "cut-before-commit,rate=0.02",
    "cut-before-answer,rate=0.02",
    "cut-during-answer,rate=0.02",
    "slow,rate=0.02,seconds=1.5",
    "temporary-error,rate=0.03",
    "restart,rate=0.005,seconds=0.5",
    "restart-after-commit,rate=0.005,seconds=0.5",
)


class Stage:
    """PostgreSQL, Redis, a SystmOne simulator with faults, and Celery workers, in `folder`."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.port = free_port()
        self.chance = random.Random(seed)
        self.workers: list[Process] = []
        self.kills: dict[str, int] = {}
        self._log = (folder / "log").open("ab")
        self.postgresql = Cluster(folder)
        self._redis_socket = folder / "redis.sock"
        self.environment: Mapping[str, str] = {
            **os.environ,
            "DATABASE_URL": self.postgresql.url,
            "REDIS_URL": f"unix://{self._redis_socket}",
            "HUB_DATA": str(folder),
            "HUB_DATABASE_POOL_SIZE": "4",
        }

    def __enter__(self) -> Self:
        self.postgresql.start()
        self.redis = self._spawn(redis_command(self._redis_socket))
        self.manage("migrate", "--verbosity=0")
        self.manage("createcachetable", "--verbosity=0")
        self.simulator = self._simulate()
        return self

    def __exit__(self, *_: object) -> None:
        stop([*self.workers, self.simulator, self.redis], how=signal.SIGKILL)
        self.postgresql.stop()
        self._log.close()

    def manage(self, *words: str) -> None:
        """Run a `manage.py` command."""
        self._run([sys.executable, "manage.py", *words])

    def hub(self, *words: str) -> str:
        """Run the Hub's side of the proof; return what it printed."""
        return self._run([sys.executable, "-m", "tests.systmone.exactly_once.hub", *words])

    def calls(self) -> list[dict[str, str]]:
        """How each note stands."""
        found: list[dict[str, str]] = json.loads(self.hub("report"))
        return found

    def times_in_record(self) -> dict[str, int]:
        """How often each reference stands in SystmOne, by what it has stored."""
        lines = etree.parse(self.folder / "systmone.xml").iter("Line")
        found: dict[str, int] = {}
        for line in lines:
            reference = (line.text or "").removeprefix("Inpatient Hub reference ")
            if reference.startswith("HUB-"):
                found[reference] = found.get(reference, 0) + 1
        return found

    def wake(self) -> None:
        """Do what beat does, only more often."""
        try:
            app = Celery(broker=f"redis+socket://{self._redis_socket}")
            app.conf.broker_transport_options = {"max_retries": 0}
            app.send_task("systmone.jobs.sweep", retry=False)
        except Exception as problem:  # Redis may be away: that is the point
            print("no wake-up:", type(problem).__name__)

    def keep_workers(self) -> None:
        """Start the workers that are missing."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < WORKERS:
            pool = self.chance.choice(POOLS)
            command = ["-m", "celery", "--app=inpatient_hub", "worker", *pool]
            command += ["--queues=celery,systmone", "--without-mingle"]
            self.workers.append(self._spawn([sys.executable, *command]))

    def disturb(self) -> None:
        """Let one thing go wrong."""
        what = self.chance.choices(
            [self.kill_a_worker, self.flush_redis, self.restart_redis, self.restart_postgresql,
             self.restart_simulator],
            [10, 1, 1, 1, 2],
        )[0]  # fmt: skip
        what()
        self.kills[what.__name__] = self.kills.get(what.__name__, 0) + 1

    def kill_a_worker(self) -> None:
        sweep(self.chance.choice(self.workers))
        self.keep_workers()

    def flush_redis(self) -> None:
        redis.Redis(unix_socket_path=str(self._redis_socket)).flushall()

    def restart_redis(self) -> None:
        sweep(self.redis)
        self.redis = self._spawn(redis_command(self._redis_socket))

    def restart_postgresql(self) -> None:
        self.postgresql.stop()
        self.postgresql.start()

    def restart_simulator(self) -> None:
        sweep(self.simulator)
        self.simulator = self._simulate()

    def calm(self) -> None:
        """Let nothing befall SystmOne any more."""
        sweep(self.simulator)
        self.simulator = self._simulate(faults=())

    def _simulate(self, faults: tuple[str, ...] = FAULTS) -> Process:
        command = [
            *(sys.executable, "-m", "systmone", "simulate", f"--port={self.port}"),
            f"--data={self.folder / 'systmone.xml'}",
            *("--seconds-between-requests=0.01", "--seconds-between-records=0.01"),
            *(word for fault in faults for word in ("--fault", fault)),
        ]
        return self._spawn(command)

    def _spawn(self, command: list[str]) -> Process:
        return spawn(command, output=self._log, environment=self.environment, folder=REPOSITORY)

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(
            command, env=self.environment, cwd=REPOSITORY, stdout=subprocess.PIPE, check=True
        )
        return done.stdout.decode()
