"""Admitting somebody whom SystmOne knows: the form shows what was found."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404

from systmone import links, person_lookups
from systmone.found import Found
from systmone.links import NotTheSame
from systmone.lookup_views import result_of
from systmone.models import Lookup
from systmone.person_lookups import own_lookups
from wards.actors import person
from wards.features import Feature, feature_available
from wards.models import Stay
from wards.requests import SignedInRequest

NAME = "systmone"


def facts(request: SignedInRequest, named: str) -> Mapping[str, Any] | None:
    """Return what the form of admission shows at first of the result `named`."""
    result = _result(request, named)
    if result is None:
        return None
    _, found = result
    return {
        "first_name": found.first_name,
        "surname": found.surname,
        "preferred_name": found.preferred_name,
        "date_of_birth": found.date_of_birth,
        "sex": found.sex,
        "nhs_number": found.nhs_number,
        "pseudo_number": found.pseudo_number,
    }


def admitted(request: SignedInRequest, named: str, stay: Stay) -> None:
    """Link who was admitted with the number that was found, and forget what was looked up."""
    result = _result(request, named)
    if result is None:
        return
    found_by, found = result
    try:
        links.link(stay=stay, found=found, by=person(request.user))
    except NotTheSame:
        pass  # another number was typed: who this is in SystmOne is not known
    person_lookups.forget([found_by])


def _result(request: SignedInRequest, named: str) -> tuple[Lookup, Found] | None:
    """Return the result that is `named`: the lookup's id, a full stop, the place in the list."""
    if not feature_available(Feature.SYSTMONE):
        return None
    uid, _, row = named.partition(".")
    try:
        found_by = own_lookups(request).filter(pk=UUID(uid)).first()
        return (found_by, result_of(request, found_by, int(row))) if found_by else None
    except (ValueError, Http404):
        return None
