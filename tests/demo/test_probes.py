import socket
from pathlib import Path

import pytest

from demo.console import Problem
from demo.probes import check_port, describe, free_port, redis_answers, what_is_missing
from tests.servers import running_redis


def test_redis_answers_while_it_runs(tmp_path: Path) -> None:
    redis = tmp_path / "redis.sock"
    assert not redis_answers(redis)
    with running_redis(tmp_path):
        assert redis_answers(redis)
    assert not redis_answers(redis)


def test_a_web_server_that_does_not_run_is_missing() -> None:
    assert what_is_missing(free_port()) == "web: no answer yet"


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (b'{"status": "not ready", "database": "ok", "beat": "unseen"}', "beat: unseen"),
        (b'{"redis": "away", "worker": "unknown"}', "redis: away, worker: unknown"),
        (b"<h1>Server Error</h1>", "web: no health report"),
        (b"3", "web: no health report"),
    ],
)
def test_a_health_report_in_words(report: bytes, words: str) -> None:
    assert describe(report) == words


def test_a_free_port_passes() -> None:
    check_port(free_port())


def test_a_taken_port_does_not() -> None:
    with socket.socket() as listener:
        listener.bind(("", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(Problem, match=f"Port {port} cannot be used"):
            check_port(port)
