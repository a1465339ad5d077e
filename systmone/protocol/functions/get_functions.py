"""GetFunctions: what the interface supports."""

from typing import Annotated, ClassVar

from systmone.protocol.requests import Request
from systmone.protocol.values import Named, Value


class SupportedFunction(Value):
    """A function's name and the versions of it that are supported."""

    function: str | None = None
    versions: tuple[str, ...] = ()


class Functions(Value):
    """The answer."""

    supported: Annotated[tuple[SupportedFunction, ...], Named("SupportedFunction")] = ()


class GetFunctions(Request[Functions]):
    """Ask which functions are supported, in which versions."""

    function: ClassVar = "GetFunctions"
    summary: ClassVar = "which functions are supported, in which versions"
    response: ClassVar = Functions
