"""Dates in addresses."""

from datetime import date

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)


class DayConverter:
    """A date as 2026-11-20; an impossible or a far one is no address of ours."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        day = date.fromisoformat(value)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValueError(f"{value} is too far away")
        return day

    def to_url(self, value: date) -> str:
        return value.isoformat()
