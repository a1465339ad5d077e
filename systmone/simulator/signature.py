"""How SystmOne writes who did something."""

from datetime import datetime

from systmone.simulator.documents import Element, text_of


def signed_name(user: Element) -> str:
    """Return "SURNAME, First"."""
    return f"{text_of(user, 'Surname').upper()}, {text_of(user, 'FirstName')}"


def first_line(moment: datetime, name: str) -> str:
    """Return the line that SystmOne puts before what a task says."""
    return f"{moment:%a %d %b %H:%M} - {name}"
