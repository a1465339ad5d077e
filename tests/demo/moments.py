"""Moments of a day."""

from datetime import datetime

from tasks.shifts import LONDON

# Every shift, its handovers, and the hours in which the date is not the shift's.
CLOCKS = ("00:05", "03:00", "07:05", "10:00", "14:15", "21:10", "23:00")


def friday_at(clock: str) -> datetime:
    """Return that time of Friday 20 November 2026."""
    return datetime.fromisoformat(f"2026-11-20T{clock}").replace(tzinfo=LONDON)
