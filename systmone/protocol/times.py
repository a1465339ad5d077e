"""SystmOne's dates and times: local, without a zone (specification: Dates/Dates and Times).

Inside, every time is aware and in UTC; the zone-less form exists in documents only. In the hour
that the autumn clock change repeats it cannot tell which of the two is meant: the first is taken.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")


def read_date(text: str) -> date:
    """The date that `text` begins with (`2014-03-26`, or `2014-03-26T00:00:00`).

    Raises ValueError where there is none.
    """
    return date.fromisoformat(text[:10])


def read_date_time(text: str) -> datetime:
    """The moment of the wall time in `text`; fractions are kept and a stray `Z` is ignored.

    The specification's own sample ends in `.0Z` against its rule that a zone is never included.
    Raises ValueError where there is no time.
    """
    wall_time = datetime.fromisoformat(text.removesuffix("Z"))
    return wall_time.replace(tzinfo=LOCAL).astimezone(UTC)


def write_date(day: date) -> str:
    """`2014-03-26`. Raises ValueError for a date with a time."""
    if isinstance(day, datetime):
        raise ValueError("must be a date without a time")
    return day.isoformat()


def write_date_time(moment: datetime) -> str:
    """`2014-03-26T09:06:50`, British wall time. Raises ValueError for a naive time."""
    if moment.utcoffset() is None:
        raise ValueError("needs a time zone")
    return moment.astimezone(LOCAL).replace(tzinfo=None).isoformat(timespec="seconds")
