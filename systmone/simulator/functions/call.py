"""What a function is given, and what it gives back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from systmone.simulator.desk import Desk
from systmone.simulator.documents import Element
from systmone.simulator.envelope import Request
from systmone.simulator.unit import Unit


@dataclass(frozen=True)
class Call:
    """One request that was taken up: from which device, and when (local time)."""

    request: Request
    desk: Desk
    device: str
    now: datetime

    @property
    def parameters(self) -> Element:
        """The FunctionParameters, an empty element where the request has none."""
        return self.request.parameters

    @property
    def unit(self) -> Unit:
        """The unit that the client is logged on to."""
        return self.desk.unit


Reply = list[Element]
"""The children of the answer's Response."""

Function = Callable[[Call], Reply]
"""Answers a call, or raises `Refused`."""
