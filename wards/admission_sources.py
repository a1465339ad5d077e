"""Where upper rooms know somebody who is to be admitted, so that nobody types them again.

An upper room registers its source in its `apps.py`. The address of the admission names a result of
it, never the patient.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wards.models import Stay
from wards.requests import SignedInRequest


@dataclass(frozen=True)
class AdmissionSource:
    """What an address may name, and what is known of it.

    Args:
        name: of the part of the address that names a result: `systmone`.
        facts: what the form shows at first, as its fields are named; `None`: it is not kept any
            more, or not for this person. It notes in the audit log who has seen it.
        admitted: what follows once the patient is admitted.
    """

    name: str
    facts: Callable[[SignedInRequest, str], Mapping[str, Any] | None]
    admitted: Callable[[SignedInRequest, str, Stay], None]


_sources: list[AdmissionSource] = []


def register(source: AdmissionSource) -> None:
    """Add a source."""
    if source not in _sources:
        _sources.append(source)


def named_by(request: SignedInRequest) -> tuple[AdmissionSource, str] | None:
    """Return the source that the address names, and which of its results."""
    for source in _sources:
        if source.name in request.GET:
            return source, request.GET[source.name]
    return None
