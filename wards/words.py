"""How a patient's dates are written on pages."""

from datetime import date

from django.utils.timezone import localdate


def day_month_year(day: date) -> str:
    """Write a date without its weekday, for example 29 Feb 1988."""
    return f"{day.day} {day:%b %Y}"


def age(born_on: date) -> str:
    """Write how old somebody is today, for example `38 years`, or in months below two years."""
    today = localdate()
    months = (today.year - born_on.year) * 12 + today.month - born_on.month
    months -= today.day < born_on.day
    number, unit = (months // 12, "year") if months >= 24 else (months, "month")
    return f"{number} {unit}{'' if number == 1 else 's'}"
