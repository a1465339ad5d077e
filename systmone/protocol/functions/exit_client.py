"""ExitClient: shut the SystmOne client down."""

from typing import ClassVar

from systmone.protocol.requests import Request
from systmone.protocol.values import Value


class ClientExit(Value):
    """The answer, which holds nothing; the client exits within three seconds of it."""


class ExitClient(Request[ClientExit]):
    """Have the SystmOne client exit to the desktop."""

    function: ClassVar = "ExitClient"
    summary: ClassVar = "shut the SystmOne client down"
    response: ClassVar = ClientExit
    repeatable: ClassVar = False
