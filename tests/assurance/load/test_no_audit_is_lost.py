"""Under load, while servers are killed: what was acknowledged is done, once; the rest follows."""

import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from benchmarks.callers import post_all
from tests.assurance.load.flow import Answer, run
from tests.assurance.load.stage import Stage

SECONDS = float(os.environ.get("LOAD_SECONDS", "15"))
SEED = int(os.environ.get("LOAD_SEED", "1"))
FLOWS_AT_ONCE = 64
CALIBRATION = 400  # audits
AT_MOST = 600  # audits a second that any machine here can do
SHARE = 0.8  # of the measured maximum

Body = dict[str, Any]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path, audits=CALIBRATION + int(AT_MOST * SECONDS)) as running:
        yield running


def test_every_audit_is_completed_exactly_once_whatever_is_killed(stage: Stage) -> None:
    key, audits = stage.known["key"], stage.known["audits"]
    fastest = post_all(stage.port, key, audits[:CALIBRATION], connections=8).rate
    pace = min(AT_MOST, fastest * SHARE)
    posted = audits[CALIBRATION : CALIBRATION + int(pace * SECONDS)]
    answers = _under_load(stage, key, _mixed(posted, random.Random(SEED)), pace)
    expected = {audit["auditId"] for audit in posted}
    _print_figures(fastest, pace, answers)

    assert sum(answer.without_retry_after for answer in answers) == 0
    assert {answer.status for answer in answers if answer.audit_id in expected} == {200}
    assert all(answer.body["success"] for answer in answers if answer.audit_id in expected)
    assert {answer.status for answer in answers if answer.audit_id not in expected} == {422}
    acknowledged = {one.audit_id: one.body["taskId"] for one in answers if one.status == 200}
    assert acknowledged.keys() == expected
    assert len(set(acknowledged.values())) == len(expected), "one task stands for two audits"
    found = stage.hub("outcomes()")
    assert found["completed"].items() >= acknowledged.items()
    assert len(found["completed"]) == CALIBRATION + len(expected)
    assert found["times_completed"] == {"1": CALIBRATION + len(expected)}


def _mixed(audits: Sequence[Body], chance: random.Random) -> list[Body]:
    """Return `audits` with duplicates, some of them with other values, and with bad bodies."""
    mixed: list[Body] = []
    for audit in audits:
        mixed.append(audit)
        fate = chance.random()
        if fate < 0.10:
            mixed.append(audit)
        elif fate < 0.13:
            mixed.append({**audit, "values": {"currentTemp": 4.3, "inRange": True}})
        elif fate < 0.15:
            mixed.append({**audit, "auditId": "", "completedAt": "yesterday"})
    return mixed


def _under_load(stage: Stage, key: str, bodies: Sequence[Body], pace: float) -> list[Answer]:
    """Start a flow for each body, `pace` a second, whatever happens meanwhile."""
    happens: list[tuple[float, Callable[[], None]]] = [
        (0.2, stage.kill_a_web_worker),
        (0.4, stage.restart_redis),
        (0.6, stage.restart_postgresql),
        (0.8, stage.kill_a_web_worker),
    ]
    flows: list[Future[Answer]] = []
    started = time.monotonic()
    with ThreadPoolExecutor(FLOWS_AT_ONCE) as threads:
        for number, body in enumerate(bodies):
            if happens and number >= happens[0][0] * len(bodies):
                happens.pop(0)[1]()
            time.sleep(max(0.0, started + number / pace - time.monotonic()))
            flows.append(threads.submit(run, stage.port, key, body))
    return [flow.result() for flow in flows]


def _print_figures(fastest: float, pace: float, answers: Sequence[Answer]) -> None:
    times = [answer.seconds for answer in answers]
    met = Counter(status for answer in answers for status in answer.statuses)
    print(
        f"\nmeasured maximum {fastest:.0f}/s, load {pace:.0f}/s; {len(answers):,} flows, "
        f"{sum(one.attempts for one in answers):,} requests, at most "
        f"{max(one.attempts for one in answers)} for a flow; statuses met (0 is none) {dict(met)}; "
        f"flow p50 {statistics.median(times) * 1000:.0f} ms, longest {max(times):.1f} s"
    )
