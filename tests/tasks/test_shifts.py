"""Shift times: local wall time, half-open windows, a night that belongs to the day it starts."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.models import Shift
from tasks.shifts import (
    ShiftOnDay,
    current_shift,
    following,
    local,
    local_date,
    shifts_at,
    window,
)
from wards.models import Ward

BYRON = Ward(name="Byron")
# Longer handovers, and nights that end late.
KEATS = Ward(
    name="Keats",
    early_start=time(6, 45),
    early_end=time(15),
    late_start=time(13, 30),
    late_end=time(22, 30),
    night_start=time(20, 15),
    night_end=time(8),
)
WINTER_DAY, SUMMER_DAY = date(2026, 1, 27), date(2026, 7, 27)

moments = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
    datetime(2030, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
wards = st.sampled_from([BYRON, KEATS])


@pytest.mark.parametrize(
    ("day", "shift", "start", "end"),
    [
        (WINTER_DAY, Shift.EARLY, "2026-01-27T07:00Z", "2026-01-27T14:30Z"),
        (WINTER_DAY, Shift.LATE, "2026-01-27T14:00Z", "2026-01-27T21:30Z"),
        (WINTER_DAY, Shift.NIGHT, "2026-01-27T21:00Z", "2026-01-28T07:30Z"),
        (SUMMER_DAY, Shift.EARLY, "2026-07-27T06:00Z", "2026-07-27T13:30Z"),
        (SUMMER_DAY, Shift.LATE, "2026-07-27T13:00Z", "2026-07-27T20:30Z"),
        (SUMMER_DAY, Shift.NIGHT, "2026-07-27T20:00Z", "2026-07-28T06:30Z"),
    ],
)
def test_a_shifts_window_is_local_wall_time(day: date, shift: Shift, start: str, end: str) -> None:
    actual = window(BYRON, day, shift)
    assert actual.start == datetime.fromisoformat(start)
    assert actual.end == datetime.fromisoformat(end)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 27), 10.5),
        (date(2026, 3, 28), 9.5),  # the clocks go forward on the 29th
        (date(2026, 3, 29), 10.5),
        (date(2026, 10, 24), 11.5),  # and back on the 25th
        (date(2026, 10, 25), 10.5),
        (date(2027, 3, 27), 9.5),
        (date(2027, 10, 30), 11.5),
    ],
)
def test_a_night_shift_lasts_as_long_as_the_clocks_say(day: date, hours: float) -> None:
    night = window(BYRON, day, Shift.NIGHT)
    assert night.end - night.start == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("clock", "on_duty"),
    [
        ("06:59:59.999999", ["27 night"]),
        ("07:00", ["27 night", "28 early"]),
        ("07:29:59.999999", ["27 night", "28 early"]),
        ("07:30", ["28 early"]),
        ("13:59", ["28 early"]),
        ("14:00", ["28 early", "28 late"]),
        ("14:30", ["28 late"]),
        ("21:00", ["28 late", "28 night"]),
        ("21:30", ["28 night"]),
        ("23:59", ["28 night"]),
        ("00:00", ["27 night"]),
        ("02:00", ["27 night"]),
    ],
)
def test_who_is_on_duty_on_the_28th(clock: str, on_duty: list[str]) -> None:
    moment = local(date(2026, 1, 28), time.fromisoformat(clock))
    shifts = shifts_at(BYRON, moment)
    assert [f"{one.day.day} {one.shift}" for one in shifts] == on_duty
    assert current_shift(BYRON, moment) == shifts[-1]


def test_a_night_task_belongs_to_the_day_it_starts() -> None:
    two_in_the_morning = local(date(2026, 1, 28), time(2))
    assert current_shift(BYRON, two_in_the_morning) == ShiftOnDay(date(2026, 1, 27), Shift.NIGHT)


@pytest.mark.parametrize("utc", ["2026-10-25T00:30Z", "2026-10-25T01:30Z", "2026-03-29T01:00Z"])
def test_the_hour_that_comes_twice_or_not_at_all_is_night(utc: str) -> None:
    moment = datetime.fromisoformat(utc)
    yesterday = local_date(moment) - timedelta(days=1)
    assert shifts_at(BYRON, moment) == [ShiftOnDay(yesterday, Shift.NIGHT)]


@given(moment=moments, ward=wards)
def test_at_every_moment_one_shift_is_on_duty_or_two_hand_over(
    moment: datetime, ward: Ward
) -> None:
    on_duty = shifts_at(ward, moment)
    assert len(on_duty) in (1, 2)
    assert current_shift(ward, moment) == on_duty[-1]
    if len(on_duty) == 2:
        assert following(on_duty[0]) == on_duty[1]


@given(days=st.integers(0, 365 * 7), minutes=st.integers(-20, 20), ward=wards)
def test_that_holds_around_every_start_of_a_shift(days: int, minutes: int, ward: Ward) -> None:
    for shift in Shift:
        start = window(ward, date(2024, 1, 1) + timedelta(days=days), shift).start
        assert len(shifts_at(ward, start + timedelta(minutes=minutes))) in (1, 2)


@given(day=st.dates(date(2024, 1, 1), date(2030, 12, 31)), shift=st.sampled_from(Shift), ward=wards)
def test_each_shift_begins_before_the_one_before_it_ends(
    day: date, shift: Shift, ward: Ward
) -> None:
    one = window(ward, day, shift)
    after = following(ShiftOnDay(day, shift))
    following_window = window(ward, after.day, after.shift)
    assert one.start < following_window.start <= one.end < following_window.end
    assert one.start in one
    assert one.end not in one


@given(moment=moments, day=st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_a_window_is_no_distance_from_what_it_contains(moment: datetime, day: date) -> None:
    night = window(BYRON, day, Shift.NIGHT)
    assert night.distance(moment) >= timedelta(0)
    assert (moment in night) <= (night.distance(moment) == timedelta(0))
    assert night.distance(night.start - timedelta(minutes=5)) == timedelta(minutes=5)
    assert night.distance(night.end + timedelta(minutes=5)) == timedelta(minutes=5)
