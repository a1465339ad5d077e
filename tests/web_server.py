"""The product's own web server as a process, on the database of the test."""

import os
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGTERM
from tempfile import TemporaryFile
from urllib.error import HTTPError, URLError

from django.db import connection

from demo.probes import free_port
from demo.processes import Process, spawn, stop

REPOSITORY = Path(__file__).parent.parent
PATIENCE = 30  # seconds


@contextmanager
def running_hub(**environment: str) -> Iterator[str]:
    """Run granian with two workers; yield its address. `environment` overrides the tests'."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface=wsgi", "--host=127.0.0.1"),
        *(f"--port={port}", "--workers=2", "--blocking-threads=2", "--workers-kill-timeout=5"),
        *("--no-ws", "inpatient_hub.wsgi:application"),
    ]
    with running(command, **environment) as process:
        _wait_for(process, f"http://127.0.0.1:{port}/health/live")
        yield f"http://127.0.0.1:{port}"


@contextmanager
def running_worker() -> Iterator[None]:
    """Run a Celery worker until the block ends."""
    with running([sys.executable, "-m", "celery", "--app=inpatient_hub", "worker", "--pool=solo"]):
        yield


@contextmanager
def running(command: list[str], **environment: str) -> Iterator[Process]:
    """Run a command of the product on the database of the test."""
    variables = {**os.environ, "DATABASE_URL": database_url(), **environment}
    with TemporaryFile() as output:
        process = spawn(
            command,
            output=output,
            environment=variables,
            folder=REPOSITORY,
            death_signal=SIGTERM,
        )
        try:
            yield process
        finally:
            stop([process])


def database_url() -> str:
    """Return the address of the database of the test."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


def _wait_for(process: Process, url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except HTTPError:
            return
        except URLError:
            time.sleep(0.05)
    raise RuntimeError("the web server does not start")
