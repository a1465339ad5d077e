"""Pages of upper rooms about a patient, which the patient's own page leads to.

An upper room registers its page in its `apps.py`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PatientPage:
    """The words of the link, and the name of an address that takes the patient's id."""

    text: str
    url_name: str


_pages: list[PatientPage] = []


def register(page: PatientPage) -> None:
    """Add a page."""
    if page not in _pages:
        _pages.append(page)


def registered() -> tuple[PatientPage, ...]:
    """Return the pages in the order of the rooms."""
    return tuple(_pages)
