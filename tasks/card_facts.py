"""What upper rooms add to the diary's cards, without this room knowing them.

An upper room registers a provider in its `apps.py`; the provider is asked once for all the cards of
a page, so that the number of queries does not grow with the cards.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.models import Task


@dataclass(frozen=True)
class CardFact:
    """A piece of a card: the Jinja2 template that shows it, and what it shows as `fact`."""

    template: str
    content: Any


Provider = Callable[[Sequence[Task]], Mapping[int, CardFact]]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Add a provider: given a page's tasks, it returns its fact by task id, for some of them."""
    if provider not in _providers:
        _providers.append(provider)


def facts_of(tasks: Sequence[Task]) -> Mapping[int, list[CardFact]]:
    """Return the facts of each task that has any, by task id."""
    facts: dict[int, list[CardFact]] = defaultdict(list)
    for provider in _providers:
        for task_id, fact in provider(tasks).items():
            facts[task_id].append(fact)
    return facts
