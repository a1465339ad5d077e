"""Runs our flow as Power Automate does, as far as our flow goes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jsonschema import ValidationError, validate

from tests.assurance.power_automate.expressions import Function, evaluated

Json = dict[str, Any]
Answer = tuple[int, Any]
Send = Callable[[Json], Answer]

FAILED = 400
TRIED_AGAIN = {408, 429, *range(500, 600)}


class Ended(Exception):
    """A Terminate step ended the run."""


@dataclass
class Run:
    """One run: what each step gave, and how it and the whole ended."""

    flow: Json
    payload: Any
    send: Send
    parameters: Mapping[str, str] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, str] = field(default_factory=dict)
    status: str = ""
    error: Json = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            self._run(self.flow["actions"])
        except Ended:
            return
        self.status = "Failed" if "Failed" in self.steps.values() else "Succeeded"

    def _run(self, steps: Json) -> None:
        waiting = dict(steps)
        while waiting:
            name = next(
                name for name, step in waiting.items() if not waiting.keys() & step["runAfter"]
            )
            step = waiting.pop(name)
            comes = all(self.steps[before] in ends for before, ends in step["runAfter"].items())
            self.steps[name] = "Skipped"
            if comes:
                self.steps[name] = getattr(self, f"_{step['type'].lower()}")(name, step)

    def _if(self, name: str, step: Json) -> str:
        [(_, [left, right])] = [pair for one in step["expression"]["and"] for pair in one.items()]
        holds = self._evaluated(left) == self._evaluated(right)
        self._run(step["actions"] if holds else step["else"]["actions"])
        return "Succeeded"

    def _terminate(self, name: str, step: Json) -> str:
        self.status = step["inputs"]["runStatus"]
        self.error = self._evaluated(step["inputs"].get("runError", {}))
        raise Ended

    def _parsejson(self, name: str, step: Json) -> str:
        content = self._evaluated(step["inputs"]["content"])
        self.outputs[name] = {"body": content}
        try:
            validate(content, step["inputs"]["schema"])
        except ValidationError:
            return "Failed"
        return "Succeeded"

    def _compose(self, name: str, step: Json) -> str:
        self.outputs[name] = self._evaluated(step["inputs"])
        return "Succeeded"

    def _http(self, name: str, step: Json) -> str:
        tries = 1 + step["inputs"]["retryPolicy"]["count"]
        request = self._evaluated(step["inputs"])
        for _ in range(tries):
            status, body = self.send(request)
            if status not in TRIED_AGAIN:
                break
        self.outputs[name] = {"statusCode": status, "body": body}
        return "Failed" if status >= FAILED else "Succeeded"

    def _evaluated(self, value: Any) -> Any:
        functions: dict[str, Function] = {
            "triggerBody": lambda: self.payload,
            "parameters": lambda name: self.parameters[name],
            "outputs": lambda name: self.outputs[name],
            "body": lambda name: self.outputs[name]["body"],
        }
        return evaluated(value, functions)
