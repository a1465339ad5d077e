"""How a patient's dates are written on pages."""

from datetime import date, datetime

from django.utils.timezone import localdate, localtime


def day_month_year(day: date) -> str:
    """Write a date without its weekday, for example 29 Feb 1988."""
    return f"{day.day} {day:%b %Y}"


def date_and_time(moment: datetime) -> str:
    """Write a moment of any year, for example 20 Nov 2026, 14:30."""
    local = localtime(moment)
    return f"{day_month_year(local.date())}, {local:%H:%M}"


def age(born_on: date) -> str:
    """Write how old somebody is today, for example `38 years`, or in months below two years."""
    today = localdate()
    months = (today.year - born_on.year) * 12 + today.month - born_on.month
    months -= today.day < born_on.day
    number, unit = (months // 12, "year") if months >= 24 else (months, "month")
    return f"{number} {unit}{'' if number == 1 else 's'}"
