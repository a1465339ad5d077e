"""Whether an audit's values are in range: the dashboard's verdict, or the trust's own limits.

An audit keeps the limits that held when it came, so that what was said of it stays true.
"""

import re
from collections.abc import Mapping
from typing import Any, TypedDict

from assurance.models.limit import ReadingLimit

VERDICT = "inRange"

NUMBER = re.compile(r"\s*[+-]?\d{1,12}([.]\d{1,12})?\s*")


class Limit(TypedDict):
    """The range of one reading, as it is kept with an audit."""

    unit: str
    lowest: float | None
    highest: float | None


Limits = Mapping[str, Limit]


def limits_of(audit_type: str, values: Mapping[str, Any]) -> dict[str, Limit]:
    """Return the limits that hold now for those of `values` that have any, by their names."""
    if not values:
        return {}
    known = {_plain(one.reading): one for one in ReadingLimit.objects.filter(audit_type=audit_type)}
    return {name: _kept(known[_plain(name)]) for name in values if _plain(name) in known}


def is_out_of_range(values: Mapping[str, Any], limits: Limits) -> bool:
    """Say whether a value is out of range; the dashboard's own verdict wins where it gave one."""
    if isinstance(verdict := values.get(VERDICT), bool):
        return not verdict
    return any(is_outside(values.get(name), limit) for name, limit in limits.items())


def is_outside(value: Any, limit: Limit) -> bool:
    """Say whether `value` is a number outside its limit; what is no number cannot be judged."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        return False
    number, lowest, highest = float(value), limit["lowest"], limit["highest"]
    return (lowest is not None and number < lowest) or (highest is not None and number > highest)


def in_words(limit: Limit) -> str:
    """Return `limit` as in “2 to 8 °C”."""
    match limit["lowest"], limit["highest"]:
        case None, highest:
            words = f"at most {highest:g}"
        case lowest, None:
            words = f"at least {lowest:g}"
        case lowest, highest:
            words = f"{lowest:g} to {highest:g}"
    return f"{words} {limit['unit']}".strip()


def _kept(limit: ReadingLimit) -> Limit:
    return Limit(
        unit=limit.unit,
        lowest=None if limit.lowest is None else float(limit.lowest),
        highest=None if limit.highest is None else float(limit.highest),
    )


def _plain(name: str) -> str:
    """Return the name of a reading without differences of spelling: current_temp, CurrentTemp."""
    return re.sub(r"[_\-\s]", "", name).casefold()
