"""GetCurrentActivity: what the user of the SystmOne client is doing."""

from typing import Annotated, ClassVar

from systmone.protocol.identity import Identity
from systmone.protocol.record.codes import Selection
from systmone.protocol.requests import Request
from systmone.protocol.values import Named, Value


class CurrentActivity(Value):
    """The answer: the open patient (None if no record is open); the screen, ever more exactly."""

    identity: Identity | None = None
    activities: Annotated[tuple[str, ...], Named("Activity")] = ()
    current_selection: Selection | None = None


class GetCurrentActivity(Request[CurrentActivity]):
    """Ask which screen and which record the user has open."""

    function: ClassVar = "GetCurrentActivity"
    summary: ClassVar = "which screen and which record the user has open"
    response: ClassVar = CurrentActivity
