"""A PostgreSQL of the benchmark's own, and the product's programs on its databases."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGTERM

import psycopg

from demo.probes import free_port
from demo.processes import Process, spawn, stop

PATIENCE = 60  # seconds

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "inpatient_hub.settings",
    "HUB_ALLOWED_HOSTS": "127.0.0.1,testserver",
    "HUB_AUDIT_KEY": "only-for-benchmarks",
    "HUB_BASE_URL": "http://127.0.0.1",
    "HUB_DEMO": "false",
    "HUB_ENCRYPTION_KEYS": "b25seS1mb3ItYmVuY2htYXJrcy0wMTIzNDU2Nzg5YWI=",
    "HUB_HTTPS": "false",
    "HUB_LOG_LEVEL": "WARNING",
    "HUB_SECRET_KEY": "only-for-benchmarks-0123456789-abcdefghijklmnopqrstuvwxyz",
    "HUB_STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
    "HUB_TIER": "max_plus",
}


class Bench:
    """One PostgreSQL with a database for each size, and the programs that work on them."""

    def __init__(self, folder: Path, postgresql: str) -> None:
        self.folder = folder
        self.server = postgresql.rpartition("/")[0]
        (folder / "static").mkdir()
        self.create_database("empty")
        for command in ("migrate", "createcachetable"):
            self.manage("empty", command, "--verbosity=0")

    def create_database(self, name: str, *, like: str = "template1") -> None:
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'.encode())

    def environment(self, database: str) -> dict[str, str]:
        others = {name: text for name, text in os.environ.items() if not name.startswith("HUB_")}
        url = f"{self.server}/{database}"
        return {**others, **ENVIRONMENT, "HUB_DATA": str(self.folder), "DATABASE_URL": url}

    def manage(self, database: str, *words: str) -> str:
        """Run a command of manage.py to its end; return what it printed."""
        command = [sys.executable, "manage.py", *words]
        environment = self.environment(database)
        return subprocess.run(
            command, env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def call(self, database: str, code: str) -> str:
        """Run Python `code` with Django; return what it printed."""
        return self.manage(database, "shell", "--no-imports", f"--command={code}")

    @contextmanager
    def serving(self, database: str) -> Iterator[int]:
        """Run granian until the block ends; yield its port."""
        port = free_port()
        command = [
            *(sys.executable, "-m", "granian", "--interface=wsgi", "--host=127.0.0.1"),
            *(f"--port={port}", "--workers=1", "--blocking-threads=1", "--no-ws"),
            "inpatient_hub.wsgi:application",
        ]
        with (self.folder / f"{database}.log").open("wb") as output:
            environment = self.environment(database)
            server = spawn(command, output=output, environment=environment, death_signal=SIGTERM)
        try:
            wait_for(server, port)
            yield port
        finally:
            stop([server])


def wait_for(server: Process, port: int) -> None:
    """Wait until `server` listens on `port`. Raises RuntimeError where it does not start."""
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"A server does not start on port {port}.")
