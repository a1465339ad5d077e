"""GetXSDFiles: have SystmOne write the schemas of its requests."""

from typing import Annotated, ClassVar

from systmone.protocol.requests import Request
from systmone.protocol.values import Named, Value


class WrittenSchema(Value):
    """One function and version: `result` says in words whether a file was written, and where."""

    function: str | None = None
    version: str | None = None
    result: str | None = None


class WrittenSchemas(Value):
    """The answer."""

    schemas: Annotated[tuple[WrittenSchema, ...], Named("XSD")] = ()


class GetXSDFiles(Request[WrittenSchemas]):
    """Have the schemas written to `path` on the client's computer, or to its own folder.

    They are made for the organisation: its task types, letter types and groups stand in them.
    """

    function: ClassVar = "GetXSDFiles"
    summary: ClassVar = "write the schemas of all requests into a folder"
    response: ClassVar = WrittenSchemas

    path: str | None = None
