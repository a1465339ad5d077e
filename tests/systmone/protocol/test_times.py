"""Local, zone-less times at the edge; aware times inside."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from systmone.protocol.times import read_date, read_date_time, write_date_time


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2014-03-26T09:06:50", datetime(2014, 3, 26, 9, 6, 50, tzinfo=UTC)),
        ("2014-06-04T15:23:29", datetime(2014, 6, 4, 14, 23, 29, tzinfo=UTC)),
        ("2017-12-19T12:45:12.0Z", datetime(2017, 12, 19, 12, 45, 12, tzinfo=UTC)),
        ("2014-07-01T10:00:00Z", datetime(2014, 7, 1, 9, 0, tzinfo=UTC)),
        ("2014-07-01", datetime(2014, 6, 30, 23, 0, tzinfo=UTC)),
        # The hour that comes twice: the first.
        ("2026-10-25T01:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        # The hour that does not come: one that does.
        ("2026-03-29T01:30:00", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_wall_time_is_read_as_british_time(text: str, moment: datetime) -> None:
    assert read_date_time(text) == moment


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_written_time_is_read_as_the_same_wall_time(moment: datetime) -> None:
    written = write_date_time(moment)

    assert len(written) == len("2014-03-26T09:06:50")
    assert write_date_time(read_date_time(written)) == written


@pytest.mark.parametrize("text", ["", "today", "26/03/2014", "2014-13-01"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_date(text)


def test_a_date_is_read_from_a_date_and_time() -> None:
    assert read_date("2014-03-26T00:00:00") == date(2014, 3, 26)
