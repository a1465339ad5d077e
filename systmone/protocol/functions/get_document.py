"""GetDocument: the file of a letter or attachment."""

from typing import Annotated, ClassVar

from systmone.protocol.errors import InvalidRequest
from systmone.protocol.identity import Identity
from systmone.protocol.requests import Request, check_text
from systmone.protocol.values import Named, Value


class Document(Value):
    """The answer: the paths of the files on the client's computer; images may be several."""

    files: Annotated[tuple[str, ...], Named("DocumentFile")] = ()
    record_state: str | None = None


class GetDocument(Request[Document]):
    """Have a document written into the folder `write_to` of the SystmOne client's computer."""

    function: ClassVar = "GetDocument"
    summary: ClassVar = "write a letter's or attachment's file into a folder"
    response: ClassVar = Document

    identity: Identity | None = None
    document_uid: str | None = None
    write_to: str | None = None
    leave_record_open: bool = False

    def check(self) -> None:
        """Raise InvalidRequest unless patient, document and folder are named."""
        if self.identity is None:
            raise InvalidRequest("Identity", "GetDocument", "is needed")
        self.identity.check()
        check_text("DocumentUID", "GetDocument", self.document_uid)
        check_text("WriteTo", "GetDocument", self.write_to)
