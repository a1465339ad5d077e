"""What upper rooms add to the page of a case note, without this room knowing them.

An upper room registers a panel in its `apps.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wards.models import CaseNote


@dataclass(frozen=True)
class NotePanel:
    """A template, and what it needs to know of a note; `None`: nothing is added to this note."""

    template: str
    facts: Callable[[CaseNote], Mapping[str, Any] | None]


_panels: list[NotePanel] = []


def register(panel: NotePanel) -> None:
    """Add a panel."""
    if panel not in _panels:
        _panels.append(panel)


def panels_of(note: CaseNote) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the templates to include on the page of `note`, each with its facts."""
    told = [(panel.template, panel.facts(note)) for panel in _panels]
    return [(template, facts) for template, facts in told if facts is not None]
