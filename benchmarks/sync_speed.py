"""Measures the sync endpoint: how many requests a second, beside others at the same work.

Each side has a database of its own, alike at the start, with 100,000 tasks: (a) our endpoint under
its production server, (b) the same statements in a bare psycopg loop without HTTP, (c) the same
work in FastAPI with SQLAlchemy, (d) in Django REST framework; and (a) once more on 1,000,000 tasks.
The sides take turns, so that a machine that slows down slows down all of them; load, servers and
PostgreSQL share it. In the end each side's rows are counted and its audit log is checked.
"""

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.bench import Bench, wait_for
from benchmarks.callers import Audit, Run, post_all
from demo.probes import free_port
from demo.processes import spawn, stop
from tests.servers import running_postgresql, running_redis

HUB, BARE, FASTAPI, REST = "hub", "bare_psycopg", "fastapi_sqlalchemy", "django_rest_framework"
LARGE = "hub_with_1,000,000_tasks"
GOALS = {FASTAPI: 1.0, REST: 1.5, BARE: 0.4}
MOST_GROWTH = 1.1
JUDGED_AT = 8  # connections
WARM_UP = 200  # requests
SETTINGS = {"HUB_LOG_LEVEL": "INFO", "HUB_SYNC_RATE_LIMIT": "1000000/second"}

# The Hub's as docs/operations.md says; the others' alike.
SERVERS = {
    HUB: "granian --interface=wsgi --no-ws --workers=2 --blocking-threads=2 "
    "--port={port} inpatient_hub.wsgi:application",
    FASTAPI: "benchmarks.peers.fastapi_sqlalchemy --port={port}",
    REST: "benchmarks.peers.django_rest_framework --port={port}",
}


@dataclass(frozen=True)
class Plan:
    """How many rounds there are at a number of connections, and how many audits in each."""

    connections: int
    rounds: int
    audits: int


PLANS = (Plan(1, 4, 500), Plan(8, 8, 1000), Plan(32, 4, 1000))
PLANS_IF_QUICK = (Plan(1, 2, 300), Plan(8, 6, 600), Plan(32, 2, 600))

Post = Callable[[Sequence[Audit], int], Run]
Runs = dict[int, dict[str, Run]]


class Side:
    """One way to do the work, on a database of its own: it posts its audits, each once."""

    def __init__(self, name: str, audits: Sequence[Audit], post: Post) -> None:
        self.name = name
        self.posted = 0
        self._audits = audits
        self._post = post

    def turn(self, audits: int, connections: int) -> Run:
        mine = self._audits[self.posted : self.posted + audits]
        self.posted += audits
        return self._post(mine, connections)


class Stage:
    """The servers of a measurement."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._stack = stack
        postgresql = stack.enter_context(running_postgresql(folder, "--shared_buffers=512MB"))
        self._bench = Bench(folder, postgresql)
        self._redis = stack.enter_context(running_redis(folder))

    def load(self, database: str, *, tasks: int, audits: int) -> dict[str, Any]:
        """Make `database` with so many tasks; return its API key and its audits."""
        self._bench.create_database(database, like="empty")
        code = f"from benchmarks.audits import load; load(tasks={tasks}, audits={audits})"
        known: dict[str, Any] = json.loads(self._bench.call(database, code))
        print(f"{database}: {known['tasks']:,} tasks", flush=True)
        return known

    def copy(self, database: str, *, to: str) -> None:
        self._bench.create_database(to, like=database)

    def serve(self, server: str, database: str) -> int:
        """Run one of `SERVERS` on `database` until the end; return its port."""
        port = free_port()
        command = [sys.executable, "-m", *SERVERS[server].format(port=port).split()]
        with (self._bench.folder / f"{database}.log").open("wb") as log:
            process = spawn(
                command, output=log, environment=self._environment(database), death_signal=SIGTERM
            )
        self._stack.callback(stop, [process])
        wait_for(process, port)
        return port

    def bare(self, database: str, key: str) -> Post:
        """Return what does the work in SQL alone, in processes that it starts for each turn."""

        def post(audits: Sequence[Audit], connections: int) -> Run:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.bare", key, str(connections)],
                env=self._environment(database),
                input=json.dumps(list(audits)),
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
            return Run(**json.loads(done.stdout))

        return post

    def check(self, side: Side) -> None:
        """Raise RuntimeError unless each audit is, as it must, in the database of that name."""
        code = f"from benchmarks.audits import check; check({side.posted})"
        self._bench.call(side.name, code)

    def _environment(self, database: str) -> dict[str, str]:
        return {**self._bench.environment(database), **SETTINGS, "REDIS_URL": self._redis}


def sides_of(stage: Stage, *, audits: int) -> list[Side]:
    """Return the sides, each with its server on its own copy of the same data."""
    known = stage.load(HUB, tasks=100_000, audits=audits)
    for name in (BARE, FASTAPI, REST):
        stage.copy(HUB, to=name)
    sides = [Side(BARE, known["audits"], stage.bare(BARE, known["key"]))]
    sides += [_served(stage, name, name, known) for name in (HUB, FASTAPI, REST)]
    large = stage.load(LARGE, tasks=1_000_000, audits=audits)
    return [*sides, _served(stage, HUB, LARGE, large)]


def _served(stage: Stage, server: str, database: str, known: Mapping[str, Any]) -> Side:
    port = stage.serve(server, database)

    def post(audits: Sequence[Audit], connections: int) -> Run:
        return post_all(port, known["key"], audits, connections=connections)

    return Side(database, known["audits"], post)


def measure(sides: Sequence[Side], plans: Sequence[Plan]) -> Runs:
    """Return what each side needed, by the number of connections; each goes first in turn."""
    runs: Runs = defaultdict(dict)
    for side in sides:
        side.turn(WARM_UP, JUDGED_AT)
    for plan in plans:
        for number in range(plan.rounds):
            first = number % len(sides)
            for side in (*sides[first:], *sides[:first]):
                run = side.turn(plan.audits, plan.connections)
                before = runs[plan.connections].get(side.name)
                runs[plan.connections][side.name] = before + run if before else run
    return runs


def show(runs: Runs) -> None:
    """Print a line for each side at each number of connections."""
    print(f"{'':26}{'connections':>12}{'requests/s':>12}{'p50':>10}{'p99':>10}")
    for connections, by_side in runs.items():
        for name, run in by_side.items():
            times = f"{run.p50 * 1000:>7.1f} ms{run.p99 * 1000:>7.1f} ms"
            print(f"{name:26}{connections:>12}{run.rate:>12.0f}{times}")


def ratios_of(runs: Runs) -> dict[str, float]:
    """Return our requests a second over those of each other side."""
    judged = runs[JUDGED_AT]
    return {name: round(judged[HUB].rate / judged[name].rate, 3) for name in GOALS}


def growth_of(runs: Runs) -> float:
    """Return a request's time on 1,000,000 tasks over its time on 100,000."""
    judged = runs[JUDGED_AT]
    return round(judged[HUB].rate / judged[LARGE].rate, 3)


def run(plans: Sequence[Plan]) -> Runs:
    """Make the data, start the servers, and let the sides take turns."""
    audits = WARM_UP + sum(plan.rounds * plan.audits for plan in plans)
    with TemporaryDirectory(prefix="hub-benchmark-") as name, ExitStack() as stack:
        stage = Stage(Path(name), stack)
        sides = sides_of(stage, audits=audits)
        runs = measure(sides, plans)
        for side in sides:
            stage.check(side)
    return runs


def main() -> int:
    """Measure, print, and fail where a goal is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks/sync.py", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--json", action="store_true", help="the last line is the ratios as JSON")
    wanted = parser.parse_args()
    runs = run(PLANS_IF_QUICK if wanted.quick else PLANS)
    show(runs)
    ratios, growth = ratios_of(runs), growth_of(runs)
    print(f"at {JUDGED_AT} connections, ours over theirs:", ratios)
    print(f"time of a request on 1,000,000 tasks over that on 100,000: {growth}")
    if wanted.json:
        print(json.dumps({"ratios": ratios}))
    missed = any(ratios[name] < goal for name, goal in GOALS.items())
    return int(missed or growth > MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
