"""Nothing lost, nothing twice: real processes, real servers, and everything that can go wrong."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.systmone.exactly_once.stage import Stage

NOTES = int(os.environ.get("SOAK_NOTES", "300"))
DISTURBED_FOR = float(os.environ.get("SOAK_SECONDS", "35"))
PATIENCE = 40 + DISTURBED_FOR
SEED = int(os.environ.get("SOAK_SEED", "1"))

TRUTHFUL = {
    "succeeded": {1},
    "failed": {0},
    "unknown": {0, 1},
}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path, SEED) as running:
        yield running


def test_every_note_is_in_the_record_once_or_says_that_it_may_not_be(stage: Stage) -> None:
    stage.hub("prepare", str(NOTES), str(stage.port))
    stage.keep_workers()
    disturbed_until = time.monotonic() + DISTURBED_FOR
    while time.monotonic() < disturbed_until:
        stage.wake()
        time.sleep(stage.chance.uniform(0.2, 2.0))
        stage.disturb()
    stage.calm()
    calls = _settled(stage)
    there = stage.times_in_record()
    print(Counter(call["state"] for call in calls), stage.kills)
    assert len(calls) == NOTES
    assert [call for call in calls if call["state"] not in TRUTHFUL] == [], "still under way"
    assert [
        (call, there.get(call["reference"], 0))
        for call in calls
        if there.get(call["reference"], 0) not in TRUTHFUL[call["state"]]
    ] == []
    assert sum(there.values()) >= NOTES * 0.9


def _settled(stage: Stage) -> list[dict[str, str]]:
    """Wait until no note is under way any more."""
    deadline = time.monotonic() + PATIENCE
    while True:
        stage.keep_workers()
        stage.wake()
        calls = stage.calls()
        if all(call["state"] in TRUTHFUL for call in calls) or time.monotonic() > deadline:
            return calls
        time.sleep(1)
