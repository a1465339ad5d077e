"""The whole demo, run as `make demo` runs it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from demo.folder import read_environment
from demo.probes import free_port
from demo.supervisor import PROJECT
from tests.demo.processes import of_demo, wait_until_gone

DEMO = [sys.executable, "-m", "demo"]


def shell(folder: Path, port: int) -> dict[str, str]:
    """Return the environment of a person, without what the tests have put there."""
    of_tests = ("HUB_", "DJANGO_", "DATABASE_URL", "REDIS_URL")
    others = {name: value for name, value in os.environ.items() if not name.startswith(of_tests)}
    return {**others, "HUB_DATA": str(folder), "PORT": str(port)}


@contextmanager
def running_demo(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """Run the demo until the block ends; nothing of it may be left then."""
    with subprocess.Popen(
        DEMO,
        cwd=PROJECT,
        env=shell(folder, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as demo:
        yield demo
        demo.kill()
    assert wait_until_gone(folder) == []


def read_until(demo: subprocess.Popen[str], beginning: str) -> str:
    """Return what the demo says up to the line with this `beginning`."""
    said = ""
    for line in demo.stdout or []:
        said += line
        if line.startswith(beginning):
            return said
    raise AssertionError(f"The demo ended early:\n{said}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_it_runs_until_ctrl_c_and_once_more_until_it_is_killed(folder: Path) -> None:
    port = free_port()
    with running_demo(folder, port) as demo:
        said = read_until(demo, "Ctrl-C stops everything.")
        assert said.startswith("Starting Redis … 0.")
        assert f"http://127.0.0.1:{port}" in said
        assert urlopen(f"http://127.0.0.1:{port}/health/ready").status == 200
        page = said.split("message audit at ")[1].split()[0]
        assert b"Client Integration Message Audit" in urlopen(page).read()
        kept = read_environment(folder / "hub.env")

        demo.send_signal(signal.SIGINT)
        assert demo.wait(timeout=20) == 0
        assert of_demo(folder) == []

    with running_demo(folder, port) as demo:
        read_until(demo, "Ctrl-C stops everything.")
        assert read_environment(folder / "hub.env") == kept
        assert len(of_demo(folder)) > len(
            ["supervisor", "Redis", "web", "worker", "speaker", "beat", "SystmOne"]
        )
        demo.kill()
        assert wait_until_gone(folder) == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_while_it_prepares(folder: Path, how: signal.Signals) -> None:
    with running_demo(folder, free_port()) as demo:
        read_until(demo, "Starting Redis")
        demo.send_signal(how)
        assert demo.wait(timeout=20) == 0
        assert of_demo(folder) == []


def test_a_taken_port_is_a_sentence_not_a_traceback(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        demo = subprocess.run(
            DEMO, check=False, cwd=PROJECT, env=shell(folder, port), capture_output=True, text=True
        )
    assert demo.returncode == 1
    assert demo.stderr == (
        f"Port {port} cannot be used (Address already in use): choose another one, "
        "for instance PORT=8001 make demo.\n"
    )
