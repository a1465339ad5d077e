"""An audit's values in words: `{"currentTemp": 4.2}` reads “Current temp 4.2”."""

import re
from collections.abc import Mapping
from typing import Any

VERDICT = "inRange"
LONGEST_TEXT = 60  # characters

WORD_BEGINS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\-\s]+")


def in_words(values: Mapping[str, Any]) -> list[str]:
    """Return each value with its name, without the verdict and without those left empty."""
    return [
        f"{_name(name)} {_reading(value)}"
        for name, value in values.items()
        if name != VERDICT and value is not None
    ]


def measurements_in_words(values: Mapping[str, Any]) -> list[str]:
    """As `in_words`, but no free text, which might speak of a patient."""
    return in_words({name: value for name, value in values.items() if not isinstance(value, str)})


def verdict_in_words(values: Mapping[str, Any]) -> str:
    """Return what the dashboard said of the values; nothing if it gave no verdict."""
    if VERDICT not in values:
        return ""
    return "In range" if values[VERDICT] else "Out of range"


def _name(name: str) -> str:
    return WORD_BEGINS.sub(" ", name).strip().capitalize()


def _reading(value: Any) -> str:
    match value:
        case True:
            return "yes"
        case False:
            return "no"
        case str() if len(value) > LONGEST_TEXT:
            return f"{value[:LONGEST_TEXT].rstrip()}…"
    return str(value)
