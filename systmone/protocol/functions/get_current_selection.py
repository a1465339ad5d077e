"""GetCurrentSelection: the drugs and codes that the user has selected."""

from typing import ClassVar

from systmone.protocol.identity import Identity
from systmone.protocol.record.codes import Selection
from systmone.protocol.requests import Request
from systmone.protocol.values import Value


class CurrentSelection(Value):
    """The answer: the open patient (None if no record is open), and what is selected."""

    identity: Identity | None = None
    current_selection: Selection | None = None


class GetCurrentSelection(Request[CurrentSelection]):
    """Ask which drugs and codes the user has selected."""

    function: ClassVar = "GetCurrentSelection"
    summary: ClassVar = "which drugs and codes the user has selected"
    response: ClassVar = CurrentSelection
