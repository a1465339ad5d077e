"""What the benchmark's peers share says the same as what it stands for in the Hub."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import combinations, product

import pytest
from django.conf import settings

from assurance import matching, messages, people
from assurance.api_clients import hash_of
from assurance.limits import _kept, is_out_of_range
from assurance.models import ReadingLimit
from audit import chain
from audit.models import AuditEvent, ChainHead
from benchmarks.peers import contract, limits, rule, seals
from tasks.models import AuditType, Shift
from tasks.shifts import window
from wards.models import User, Ward

WARD = Ward(name="Byron")
DAYS = [date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30)]  # the clocks change on the 29th
TASKS = list(enumerate(product(DAYS, Shift, (True, False))))
MOMENTS = [datetime(2026, 3, 28, 21, tzinfo=UTC) + timedelta(minutes=47 * n) for n in range(40)]


def test_the_rule_chooses_as_ours_does() -> None:
    for tasks in combinations(TASKS, 2):
        ours = [
            matching.Candidate(number, window(WARD, day, shift), day, is_open)
            for number, (day, shift, is_open) in tasks
        ]
        theirs = [
            rule.candidate(number, day, shift.value, _times(shift), is_open=is_open)
            for number, (day, shift, is_open) in tasks
        ]
        for at in MOMENTS:
            wanted, found = matching.choose(ours, at), rule.choose(theirs, at)
            assert (found and found.task_id) == (wanted and wanted.task_id), (tasks, at)


def _times(shift: Shift) -> tuple[time, time]:
    return getattr(WARD, f"{shift}_start"), getattr(WARD, f"{shift}_end")


def test_the_seals_are_ours() -> None:
    facts = {
        "sequence": 7,
        "at": datetime(2026, 1, 27, 8, 14, 32, tzinfo=UTC),
        "actor_id": "",
        "actor_name": "Zoë",
        "source": "sync",
        "address": "127.0.0.1",
        "request_id": "1",
        "action": "audit.receive",
        "object_type": "sync_event",
        "object_id": "3",
        "ward": "Byron",
        "outcome": "done",
        "detail": {"task": "wt1", "audit": "a"},
    }
    ours = chain.seal(AuditEvent(**facts), previous="before")
    assert seals.seal(facts, previous="before", key=settings.HUB_AUDIT_KEY) == ours
    head = ChainHead(sequence=7, seal=ours)
    assert seals.proof(7, ours, key=settings.HUB_AUDIT_KEY) == chain.proof(head)


@pytest.mark.parametrize(
    "values",
    [{"hotTap": 49}, {"Hot-Tap": "51"}, {"hot_tap": True}, {"hotTap": 49, "inRange": True}, {}],
)
def test_limits_judge_as_ours_do(values: dict[str, object]) -> None:
    limit = ReadingLimit(
        audit_type=AuditType.WATER_TEMPS, reading="hot_tap", unit="°C", lowest=Decimal(50)
    )
    kept = limits.kept_with(values, [limit])
    assert kept == {name: _kept(limit) for name in values if name != "inRange"}
    assert limits.is_out_of_range(values, kept) == is_out_of_range(values, kept)  # type: ignore[arg-type]


def test_people_are_meant_as_ours_are() -> None:
    known = [
        User(name="Anna Bell", email="anna@example.nhs.uk", staff_id="NHS1"),
        User(name="Anna Bell", email="bell@example.nhs.uk", staff_id="NHS2"),
    ]
    for sent in ("nhs2", " ANNA  bell", "Bell@example.nhs.uk", "nobody"):
        assert contract.people_meant(sent, known) == people.people_meant(sent, known)


def test_keys_and_types_are_ours() -> None:
    key = "hub_abcdefgh_" + "x" * 43
    assert contract.prefix_of(key) == "abcdefgh"
    assert contract.prefix_of(key[:-1]) is None
    assert contract.is_key(key, hash_of(key))
    assert list(contract.AUDIT_TYPES) == messages.AUDIT_TYPES["enum"]
