"""The expressions of a flow, as far as ours uses them: `@concat(body('Parse')?['id'], '/')`."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

Function = Callable[..., Any]

TOKEN = re.compile(r"\s*('(?:[^']|'')*'|\w+|\?\[|[\]\(\),])")

PURE: dict[str, Function] = {
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
    "concat": lambda *texts: "".join(map(str, texts)),
    "encodeUriComponent": lambda text: quote(text, safe="-_.!~*'()"),
    "json": json.loads,
}


def evaluated(value: Any, functions: Mapping[str, Function]) -> Any:
    """Return `value` with the expressions in all its texts evaluated."""
    match value:
        case dict():
            return {name: evaluated(one, functions) for name, one in value.items()}
        case list():
            return [evaluated(one, functions) for one in value]
        case str() if value.startswith("@") and not value.startswith("@{"):
            return Expression(value[1:], functions).value()
        case str():
            return _filled(value, functions)
    return value


def _filled(text: str, functions: Mapping[str, Function]) -> str:
    before, mark, rest = text.partition("@{")
    if not mark:
        return text
    expression = Expression(rest, functions)
    found = expression.value()
    after = rest[expression.position :].lstrip()
    assert after.startswith("}"), after
    return f"{before}{'' if found is None else found}{_filled(after[1:], functions)}"


class Expression:
    """Reads one expression from the beginning of a text."""

    def __init__(self, text: str, functions: Mapping[str, Function]) -> None:
        self.text = text
        self.functions = {**PURE, **functions}
        self.position = 0

    def value(self) -> Any:
        first = self._next()
        found: Any = first[1:-1].replace("''", "'") if first.startswith("'") else self._call(first)
        while self._comes("?["):
            name = self._next()[1:-1]
            self._expect("]")
            # As Power Automate does: of null there is null, of a text it is an error.
            found = None if found is None else found.get(name)
        return found

    def _call(self, name: str) -> Any:
        self._expect("(")
        arguments = []
        while not self._comes(")"):
            arguments.append(self.value())
            self._comes(",")
        return self.functions[name](*arguments)

    def _next(self) -> str:
        token = TOKEN.match(self.text, self.position)
        assert token, f"cannot read {self.text[self.position :]!r}"
        self.position = token.end()
        return token[1]

    def _comes(self, wanted: str) -> bool:
        before = self.position
        if self.text[before:].strip() and TOKEN.match(self.text, before) and self._next() == wanted:
            return True
        self.position = before
        return False

    def _expect(self, wanted: str) -> None:
        assert self._comes(wanted), f"{wanted} is missing before {self.text[self.position :]!r}"
