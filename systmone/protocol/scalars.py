"""Plain values and their text in a document."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from systmone.protocol import times

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Scalar:
    """How one kind of plain value is read and written; `wanted` says what its text must be.

    `read` raises ValueError or ArithmeticError for other text, `write` ValueError for a value that
    has no text.
    """

    read: Callable[[str], Any]
    write: Callable[[Any], str]
    wanted: str = ""


def _read_number(text: str) -> Decimal:
    return _finite(Decimal(text))


def _write_number(number: Decimal) -> str:
    return format(_finite(number), "f")


def _finite(number: Decimal) -> Decimal:
    if not Decimal(number).is_finite():
        raise ValueError("must be a number")
    return number


SCALARS: dict[Any, Scalar] = {
    str: Scalar(str, str),
    int: Scalar(int, str, "a whole number"),
    Decimal: Scalar(_read_number, _write_number, "a number, such as 37.2"),
    date: Scalar(times.read_date, times.write_date, "a date, such as 2026-11-20"),
    datetime: Scalar(
        times.read_date_time, times.write_date_time, "a local time, such as 2026-11-20T14:05:00"
    ),
}
