import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demo import service as service_module
from demo.console import Problem
from demo.processes import stop
from demo.programs import Program
from demo.service import Service, back_off
from tests.demo.processes import of_demo, wait_until_gone

MakeService = Callable[[str], Service]


@pytest.fixture
def make_service(tmp_path: Path) -> Iterator[MakeService]:
    services: list[Service] = []

    def make(script: str) -> Service:
        service = Service(
            Program("web", [sys.executable, "-c", script]),
            folder=tmp_path,
            logs=tmp_path,
            environment={"HUB_DATA": str(tmp_path)},
        )
        services.append(service)
        service.start()
        return service

    yield make
    stop([service.process for service in services if service.process])


def wait_for_death(service: Service) -> None:
    assert service.process
    service.process.wait()


def test_back_off() -> None:
    assert [back_off(deaths) for deaths in range(5)] == [0.5, 1, 2, 4, 8]


def test_a_service_that_dies_is_started_again(
    make_service: MakeService, capsys: pytest.CaptureFixture[str]
) -> None:
    service = make_service("import time; time.sleep(60)")
    first = service.process
    assert first
    first.kill()
    first.wait()
    service.tend()
    assert service.process is None
    assert capsys.readouterr().out == "web ended with status -9: starting it again in 1 s.\n"
    service.tend()
    assert service.process is None, "it waits"
    service.start_at = time.monotonic()
    service.tend()
    assert service.process
    assert service.process.poll() is None


def test_a_service_that_keeps_dying_is_given_up_with_the_end_of_its_log(
    make_service: MakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "back_off", lambda _deaths: 0.0)
    service = make_service("for line in range(100): print('line', line)\nraise SystemExit(3)")
    for _ in range(service_module.QUICK_DEATHS_ALLOWED - 1):
        wait_for_death(service)
        service.tend()
    wait_for_death(service)
    with pytest.raises(Problem, match=r"web died 5 times in a row.*:\nline 80\n") as problem:
        service.tend()
    assert str(problem.value).endswith("line 99")


def test_old_deaths_are_forgotten(
    make_service: MakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "back_off", lambda _deaths: 0.0)
    service = make_service("")
    for _ in range(10):
        wait_for_death(service)
        service.started_at -= service_module.QUICK
        service.tend()


def test_what_a_dead_service_leaves_behind_is_swept_up(
    make_service: MakeService, tmp_path: Path
) -> None:
    orphan = "import subprocess, sys; subprocess.Popen(['sleep', '60'])"
    service = make_service(orphan)
    wait_for_death(service)
    assert len(of_demo(tmp_path)) == 1
    service.tend()
    assert wait_until_gone(tmp_path) == []


def test_a_deaf_service_is_killed(make_service: MakeService, tmp_path: Path) -> None:
    service = make_service(
        "import signal, subprocess, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "subprocess.Popen(['sleep', '60']); print('deaf', flush=True); time.sleep(60)"
    )
    while "deaf" not in service.log.read_text():
        time.sleep(0.01)
    assert service.process
    stop([service.process], seconds=0.2)
    assert service.process.returncode == -9
    assert wait_until_gone(tmp_path) == []


def test_a_parent_that_is_killed_takes_its_child_along(tmp_path: Path) -> None:
    parent = (
        "import os, pathlib, sys, time; from demo.processes import spawn\n"
        "spawn(['sleep', '60'], output=sys.stdout.buffer); print('ready', flush=True)\n"
        "time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent],
        env={"HUB_DATA": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        assert len(of_demo(tmp_path)) == 2
        process.kill()
    assert wait_until_gone(tmp_path) == []
