"""What can go wrong between a client and SystmOne, on demand."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from systmone.simulator.fiction.chance import chance_for
from systmone.simulator.schemas import FUNCTIONS, OTHER_NAMES


class BadFault(ValueError):
    """The text names no fault; the message says why."""


class Kind(StrEnum):
    """The faults. "Commit" is the moment at which the request has taken effect."""

    NO_ANSWER_BEFORE_COMMIT = "no-answer-before-commit"
    NO_ANSWER_AFTER_COMMIT = "no-answer-after-commit"
    CUT_BEFORE_COMMIT = "cut-before-commit"
    CUT_BEFORE_ANSWER = "cut-before-answer"
    CUT_DURING_ANSWER = "cut-during-answer"
    CUT_AFTER_ANSWER = "cut-after-answer"
    SLOW = "slow"
    DRIBBLE = "dribble"
    FRAGMENTS = "fragments"
    PRETTY_PRINTED = "pretty-printed"
    NO_NEWLINE = "no-newline"
    TEMPORARY_ERROR = "temporary-error"
    PERMANENT_ERROR = "permanent-error"
    RECORD_IN_USE = "record-in-use"
    GARBAGE = "garbage"
    OTHER_ANSWER = "other-answer"
    OTHER_ANSWER_FIRST = "other-answer-first"
    WRONG_FUNCTION = "wrong-function"
    RESTART = "restart"
    RESTART_AFTER_COMMIT = "restart-after-commit"
    REFUSE_CONNECTIONS = "refuse-connections"


BEFORE_COMMIT = frozenset({Kind.NO_ANSWER_BEFORE_COMMIT, Kind.CUT_BEFORE_COMMIT, Kind.RESTART})
REFUSALS = frozenset({Kind.TEMPORARY_ERROR, Kind.PERMANENT_ERROR, Kind.RECORD_IN_USE})
WITHOUT_ANSWER = BEFORE_COMMIT | {
    Kind.NO_ANSWER_AFTER_COMMIT,
    Kind.CUT_BEFORE_ANSWER,
    Kind.RESTART_AFTER_COMMIT,
}


@dataclass(frozen=True)
class Fault:
    """One fault, and the requests that it befalls.

    `function` limits it to requests of that name; it passes over the first `after` of them, befalls
    at most `count`, each with probability `rate`; `seconds` is how long a fault lasts that takes
    time.
    """

    kind: Kind
    function: str | None = None
    after: int = 0
    count: int | None = None
    rate: float = 1.0
    seconds: float = 1.0

    @classmethod
    def read(cls, text: str) -> "Fault":
        """Read KIND[,function=NAME][,after=N][,count=N][,rate=R][,seconds=S]."""
        name, *options = (part.strip() for part in text.split(","))
        if name not in set(Kind):
            raise BadFault(f"{name!r} is no fault; there are: {', '.join(Kind)}")
        fault = replace(cls(Kind(name)), **dict(_option(option) for option in options))
        if not 0 <= fault.rate <= 1:
            raise BadFault(f"the rate {fault.rate} is not between 0 and 1")
        return fault


def _option(text: str) -> tuple[str, Any]:
    name, _, value = (part.strip() for part in text.partition("="))
    try:
        if name == "function":
            return name, _function(value)
        if name in ("after", "count"):
            return name, int(_not_negative(int(value)))
        if name in ("rate", "seconds"):
            return name, _not_negative(float(value))
    except ValueError:
        raise BadFault(f"{value!r} is no value for {name}") from None
    known = ", ".join(field.name for field in fields(Fault)[1:])
    raise BadFault(f"{text!r} is no option of a fault; there are: {known}")


def _function(name: str) -> str:
    name = OTHER_NAMES.get(name, name)
    if name not in FUNCTIONS:
        raise ValueError(name)
    return name


def _not_negative(number: float) -> float:
    if not number >= 0:
        raise ValueError(number)
    return number


def read_script(text: str) -> list[Fault | None]:
    """Read one fault per line; a blank line or `ok` is a request without one."""
    lines = [line.strip() for line in text.splitlines()]
    return [None if line in ("", "ok") else Fault.read(line) for line in lines]


class FaultPlan:
    """Decides which requests go wrong; the same seed decides the same way."""

    def __init__(self, seed: int, faults: Iterable[Fault], script: Iterable[Fault | None]) -> None:
        self._chance = chance_for(seed, "faults")
        self._faults = list(faults)
        self._script = list(script)
        self._seen: dict[int, int] = {}
        self._befallen: dict[int, int] = {}

    def add(self, fault: Fault) -> None:
        """Let this fault befall requests from now on."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._faults.clear()
        self._script.clear()
        self._seen.clear()
        self._befallen.clear()

    def choose(self, function: str) -> Fault | None:
        """Return what befalls the next request, which is for this function."""
        function = OTHER_NAMES.get(function, function)
        if self._script:
            fault = self._script.pop(0)
            return fault if fault is None or fault.function in (None, function) else None
        chosen: Fault | None = None
        for fault in self._faults:
            if fault.function in (None, function) and self._befalls(fault) and chosen is None:
                self._befallen[id(fault)] = self._befallen.get(id(fault), 0) + 1
                chosen = fault
        return chosen

    def _befalls(self, fault: Fault) -> bool:
        seen = self._seen.get(id(fault), 0)
        self._seen[id(fault)] = seen + 1
        is_spent = fault.count is not None and self._befallen.get(id(fault), 0) >= fault.count
        return seen >= fault.after and not is_spent and self._chance.random() < fault.rate
