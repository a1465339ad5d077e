"""When a request may go: SystmOne's two limits, and what is spared the longer one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from systmone.protocol.functions import (
    GetDiary,
    GetFunctions,
    GetPatientRecord,
    UpdatePatientRecord,
)
from systmone.protocol.functions.get_patient_record import Filter
from systmone.protocol.requests import Request
from systmone.protocol.throttle import NOTHING_SENT, Limits, Need, earliest
from systmone.protocol.times import LOCAL
from systmone.protocol.values import Value

LIMITS = Limits()
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)

READ, WRITE, RECORD = Need(), Need(must_arrive=True), Need(record_limit=True)


def entries(first: date | None, last: date | None, **categories: Any) -> GetPatientRecord:
    return GetPatientRecord(filter=Filter(min_entry_date=first, max_entry_date=last, **categories))


@pytest.mark.parametrize(
    ("request_", "now", "need"),
    [
        (GetFunctions(), NOON, READ),
        (GetDiary(), NOON, READ),
        (UpdatePatientRecord(), NOON, WRITE),
        (GetPatientRecord(), NOON, RECORD),
        (GetPatientRecord(filter=Filter()), NOON, RECORD),
        (GetPatientRecord(filter=Filter(demographics=True)), NOON, READ),
        (GetPatientRecord(filter=Filter(demographics=True, tasks=True)), NOON, RECORD),
        (entries(TODAY, TODAY), NOON, READ),
        (entries(TODAY, TODAY, narrative=True), NOON, READ),
        (entries(YESTERDAY, TODAY), NOON, RECORD),
        (entries(YESTERDAY, YESTERDAY), NOON, RECORD),
        (entries(TODAY, None), NOON, RECORD),
        (entries(None, TODAY), NOON, RECORD),
        # In summer, local midnight is 23:00 UTC.
        (
            entries(date(2026, 7, 2), date(2026, 7, 2)),
            datetime(2026, 7, 1, 23, 30, tzinfo=UTC),
            READ,
        ),
        # SystmOne's clock may say another day than ours.
        (entries(TODAY, TODAY), datetime(2026, 11, 20, 23, 59, 30, tzinfo=UTC), RECORD),
        (entries(TODAY, TODAY), datetime(2026, 11, 20, 0, 0, 30, tzinfo=UTC), RECORD),
        (entries(TODAY, TODAY), datetime(2026, 11, 20, 0, 1, 30, tzinfo=UTC), READ),
    ],
)
def test_what_a_request_needs(request_: Request[Value], now: datetime, need: Need) -> None:
    assert request_.need(now, LIMITS) == need


def test_the_first_request_may_go_at_once() -> None:
    assert earliest(RECORD, NOTHING_SENT, LIMITS) < 0


@pytest.mark.parametrize(
    ("before", "answered", "need", "wait"),
    [
        (READ, 0.002, READ, 1.002),  # answered within the margin: taken up before that
        (READ, 0.5, READ, 1.012),  # else the margin
        (READ, None, READ, 1.012),
        (READ, 0.5, WRITE, 1.5),  # a write takes no risk
        (WRITE, 0.5, READ, 1.012),
        (RECORD, 0.5, READ, 1.012),
        (READ, 0.5, RECORD, 1.012),
        (RECORD, 0.5, RECORD, 30.012),
        (RECORD, None, RECORD, 30.012),
    ],
)
def test_how_long_a_request_waits_after_another(
    before: Need, answered: float | None, need: Need, wait: float
) -> None:
    past = NOTHING_SENT.after_sending(before, 0.0)
    if answered is not None:
        past = past.after_answer(before, answered)

    assert earliest(need, past, LIMITS) == pytest.approx(wait)


def test_a_limit_of_nothing_waits_for_nothing() -> None:
    past = NOTHING_SENT.after_sending(RECORD, 5.0).after_answer(RECORD, 6.0)

    assert earliest(RECORD, past, Limits(between_requests=0, between_records=0)) <= 5.0


@given(
    st.lists(
        st.tuples(
            st.sampled_from([READ, WRITE, RECORD]),
            st.floats(0, 0.012),  # how long the request travels
            st.floats(0, 3),  # how long SystmOne works
            st.floats(0, 40),  # how long the caller waits before the next
        ),
        max_size=30,
    )
)
def test_no_sequence_of_calls_arrives_too_early(
    calls: list[tuple[Need, float, float, float]],
) -> None:
    now, past = 0.0, NOTHING_SENT
    last_arrival = last_record = float("-inf")
    for need, travels, works, pause in calls:
        now = max(now, earliest(need, past, LIMITS))
        past = past.after_sending(need, now)
        arrival = now + travels
        assert arrival >= last_arrival + LIMITS.between_requests - 1e-9
        last_arrival = arrival
        if need.record_limit:
            assert arrival >= last_record + LIMITS.between_records - 1e-9
            last_record = arrival
        now = arrival + works
        past = past.after_answer(need, now)
        now += pause


@given(st.integers(0, 60 * 60 * 24 * 366))
def test_entries_of_today_are_of_the_local_day_at_every_minute_of_a_year(seconds: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    local = now.astimezone(LOCAL)
    today = entries(local.date(), local.date())
    spared = not today.need(now, LIMITS).record_limit

    seconds_of_day = local.hour * 3600 + local.minute * 60 + local.second
    assert spared == (60 <= seconds_of_day < 24 * 3600 - 60)
