"""What upper rooms say on the page of a change: what it does to what they keep of the patient.

An upper room registers a provider in its `apps.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from wards.models import Stay, StayEvent


@dataclass(frozen=True)
class Consequence:
    """A sentence, and the things of which it is true."""

    text: str
    things: tuple[str, ...]


Provider = Callable[[Stay], Consequence | None]

_providers: list[tuple[StayEvent.Action, Provider]] = []


def register(action: StayEvent.Action, provider: Provider) -> None:
    """Add a provider: it says what `action` would do for a stay; `None`: nothing."""
    if (action, provider) not in _providers:
        _providers.append((action, provider))


def consequences_of(action: StayEvent.Action, stay: Stay) -> list[Consequence]:
    """Return what is known to follow if `action` is done to `stay`."""
    told = [provider(stay) for known, provider in _providers if known == action]
    return [consequence for consequence in told if consequence]
