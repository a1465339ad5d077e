"""What upper rooms add to the patients on the ward board, without this room knowing them.

An upper room registers a provider in its `apps.py`; the provider is asked once for all the patients
of a board, so that the number of queries does not grow with the beds.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

Provider = Callable[[Sequence[int]], Mapping[int, list[str]]]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Add a provider: given patients' ids it returns, by id, short texts such as `2 overdue`."""
    if provider not in _providers:
        _providers.append(provider)


def facts_of(patient_ids: Sequence[int]) -> Mapping[int, list[str]]:
    """Return the facts of each patient who has any, by patient id, in the order of the rooms."""
    facts: dict[int, list[str]] = defaultdict(list)
    for provider in _providers:
        for patient_id, texts in provider(patient_ids).items():
            facts[patient_id] += texts
    return facts
