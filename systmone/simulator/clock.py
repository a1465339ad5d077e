"""SystmOne's time: local, without a zone (section Dates/Dates and Times)."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")

Clock = Callable[[], datetime]


def local_now() -> datetime:
    """Return the present moment in England."""
    return datetime.now(LOCAL)


def written(moment: datetime) -> str:
    """Return a moment as YYYY-MM-DDTHH:MM:SS; texts of this form sort as the moments do."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def read_moment(text: str) -> str:
    """Return a date or a date with time in the written form, or raise `ValueError`."""
    return written(datetime.fromisoformat(text.removesuffix("Z")))


def read_date(text: str) -> str:
    """Return a date, without a time that may follow it, as YYYY-MM-DD, or raise `ValueError`."""
    return date.fromisoformat(text[:10]).isoformat()
