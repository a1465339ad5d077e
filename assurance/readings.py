"""An audit's values in words: `{"currentTemp": 4.2}` reads “Current temp 4.2 °C”."""

import re
from collections.abc import Mapping
from typing import Any

from assurance import limits
from assurance.limits import VERDICT, Limits, is_outside

LONGEST_TEXT = 60  # characters

WORD_BEGINS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\-\s]+")

NO_LIMITS: Limits = {}


def in_words(values: Mapping[str, Any], known: Limits = NO_LIMITS) -> list[str]:
    """Return each value with its name, without the verdict and without those left empty.

    Those with `known` limits have their unit, and the limits themselves where they are outside.
    """
    return [
        f"{name_in_words(name)} {_with_limit(value, known, name)}"
        for name, value in values.items()
        if name != VERDICT and value is not None
    ]


def measurements_in_words(values: Mapping[str, Any], known: Limits = NO_LIMITS) -> list[str]:
    """As `in_words`, but no free text, which might speak of a patient."""
    measured = {name: value for name, value in values.items() if not isinstance(value, str)}
    return in_words(measured, known)


def verdict_in_words(values: Mapping[str, Any], known: Limits = NO_LIMITS) -> str:
    """Return what the dashboard, or else the limits, say of the values; nothing if neither does."""
    if VERDICT not in values and not known:
        return ""
    return "Out of range" if limits.is_out_of_range(values, known) else "In range"


def name_in_words(name: str) -> str:
    """Return the name of a reading in words: `currentTemp` reads “Current temp”."""
    return WORD_BEGINS.sub(" ", name).strip().capitalize()


def _with_limit(value: Any, known: Limits, name: str) -> str:
    text = _reading(value)
    if name not in known:
        return text
    limit = known[name]
    allowed = f" (allowed: {limits.in_words(limit)})" if is_outside(value, limit) else ""
    return f"{text} {limit['unit']}".strip() + allowed


def _reading(value: Any) -> str:
    match value:
        case True:
            return "yes"
        case False:
            return "no"
        case str() if len(value) > LONGEST_TEXT:
            return f"{value[:LONGEST_TEXT].rstrip()}…"
    return str(value)
