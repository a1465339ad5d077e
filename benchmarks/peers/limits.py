"""Whether an audit's values are in range, in plain Python, held to `assurance.limits` by a test."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Protocol

NUMBER = re.compile(r"\s*[+-]?\d{1,12}([.]\d{1,12})?\s*")

Kept = dict[str, dict[str, Any]]


class Limit(Protocol):
    """A trust's limit of one reading."""

    reading: str
    unit: str
    lowest: Decimal | None
    highest: Decimal | None


def kept_with(values: Mapping[str, Any], limits: Iterable[Limit]) -> Kept:
    """Return those of `limits` that speak of `values`, as they are kept with an audit."""
    known = {_plain(one.reading): one for one in limits}
    return {name: _kept(known[_plain(name)]) for name in values if _plain(name) in known}


def is_out_of_range(values: Mapping[str, Any], limits: Kept) -> bool:
    """Say whether a value is out of range; the dashboard's own verdict wins."""
    if isinstance(verdict := values.get("inRange"), bool):
        return not verdict
    return any(_is_outside(values.get(name), limit) for name, limit in limits.items())


def _is_outside(value: Any, limit: Mapping[str, Any]) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        return False
    number, lowest, highest = float(value), limit["lowest"], limit["highest"]
    return (lowest is not None and number < lowest) or (highest is not None and number > highest)


def _kept(limit: Limit) -> dict[str, Any]:
    return {
        "unit": limit.unit,
        "lowest": None if limit.lowest is None else float(limit.lowest),
        "highest": None if limit.highest is None else float(limit.highest),
    }


def _plain(name: str) -> str:
    return re.sub(r"[_\-\s]", "", name).casefold()
