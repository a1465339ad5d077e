"""How times, dates and people are written on pages."""

from calendar import day_abbr
from collections.abc import Collection
from datetime import date, datetime

from tasks.shifts import LONDON


def clock(moment: datetime) -> str:
    """Write the local time, for example 14:30."""
    return moment.astimezone(LONDON).strftime("%H:%M")


def long_date(day: date) -> str:
    """Write a date in full, for example Friday 20 November 2026."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def short_date(day: date) -> str:
    """Write a date in short, for example Fri 20 Nov."""
    return f"{day:%a} {day.day} {day:%b}"


def date_and_clock(moment: datetime) -> str:
    """Write a moment, for example Fri 20 Nov, 14:30."""
    return f"{short_date(moment.astimezone(LONDON).date())}, {clock(moment)}"


def weekdays(numbers: Collection[int]) -> str:
    """Write ISO weekdays, for example "Mon, Thu", "Mon to Fri" or "every day"."""
    first, last = min(numbers), max(numbers)
    if len(numbers) == 7:
        return "every day"
    if len(numbers) == last - first + 1 > 2:
        return f"{day_abbr[first - 1]} to {day_abbr[last - 1]}"
    return ", ".join(day_abbr[number - 1] for number in sorted(numbers))
