"""What upper rooms add to pages of this room, without this room knowing them.

An upper room registers a panel in its `apps.py`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from wards.models import CaseNote, Stay, Ward

Subject = TypeVar("Subject")
Facts = Mapping[str, Any]


class Panels(Generic[Subject]):
    """The panels of one page, each a template and what it needs to know of the page's subject."""

    def __init__(self) -> None:
        self._panels: dict[str, Callable[[Subject], Facts | None]] = {}

    def register(self, template: str, facts: Callable[[Subject], Facts | None]) -> None:
        """Add a panel; where its `facts` are `None`, nothing is added to the page."""
        self._panels[template] = facts

    def of(self, subject: Subject) -> list[tuple[str, Facts]]:
        """Return the templates to include on the page of `subject`, each with its facts."""
        told = [(template, facts(subject)) for template, facts in self._panels.items()]
        return [(template, facts) for template, facts in told if facts is not None]


on_notes: Panels[CaseNote] = Panels()
on_discharge_logs: Panels[Stay] = Panels()
on_wards: Panels[Ward] = Panels()  # where somebody is admitted
above_wards: Panels[Ward] = Panels()  # on top of a ward's diary and of its beds
above_patients: Panels[Stay] = Panels()  # on top of their page
on_patients: Panels[Stay] = Panels()
