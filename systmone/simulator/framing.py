"""Bytes from a socket to whole XML documents, in whatever pieces they arrive.

A document ends where its root element ends; the newline that follows it, as section Introduction
wants, is skipped. A newline inside a text is text.
"""

from collections.abc import Iterator
from xml.parsers.expat import ExpatError, ParserCreate

LARGEST_DOCUMENT = 32 * 1024 * 1024
LARGEST_TAG = 1024 * 1024
DEEPEST_NESTING = 250
BETWEEN_DOCUMENTS = b" \t\r\n\0\xef\xbb\xbf"


class Unreadable(Exception):
    """The stream is no XML from here on; `data` is what came of the document."""

    def __init__(self, reason: str, data: bytes) -> None:
        super().__init__(reason)
        self.data = data


class _Boundary:
    """Finds the end of one root element without building anything."""

    def __init__(self) -> None:
        self._parser = ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._document_type
        self._depth = 0
        self._fed = 0
        self._end_tag: int | None = None

    def feed(self, piece: bytes) -> int | None:
        """Return where the root's last tag starts, counted from the document's first byte."""
        try:
            self._parser.Parse(piece)
        except ExpatError:
            if self._end_tag is None:
                raise
        self._fed += len(piece)
        # The parser starts an unfinished tag or comment anew with every piece.
        if self._end_tag is None and self._fed - self._parser.CurrentByteIndex > LARGEST_TAG:
            raise ExpatError("a tag or comment is too large")
        return self._end_tag

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST_NESTING:
            raise ExpatError("the elements are nested too deeply")

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._depth == 0 and self._end_tag is None:
            self._end_tag = self._parser.CurrentByteIndex

    def _document_type(self, *parts: object) -> None:
        raise ExpatError("a document type declaration is not accepted")


class Frames:
    """Cuts one connection's bytes into documents. Not thread-safe: one per connection."""

    def __init__(self, largest: int = LARGEST_DOCUMENT) -> None:
        self._largest = largest
        self._buffer = bytearray()
        self._boundary = _Boundary()

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield each document that `piece` completes; raise `Unreadable` at what is none."""
        while piece:
            if not self._buffer:
                piece = piece.lstrip(BETWEEN_DOCUMENTS)
            document, piece = self._complete(piece)
            if document is not None:
                yield document

    def _complete(self, piece: bytes) -> tuple[bytes | None, bytes]:
        self._buffer += piece
        if len(self._buffer) > self._largest:
            raise Unreadable("The document is too large", self._start_of_document())
        try:
            end_tag = self._boundary.feed(piece)
        except ExpatError as error:
            raise Unreadable(f"Not XML: {error}", self._start_of_document()) from None
        if end_tag is None:
            return None, b""
        # Of a root that closes itself, expat tells where the tag ends, not where it starts.
        closes_itself = not self._buffer.startswith(b"</", end_tag)
        end = end_tag if closes_itself else self._buffer.index(b">", end_tag) + 1
        document, rest = bytes(self._buffer[:end]), bytes(self._buffer[end:])
        self._buffer.clear()
        self._boundary = _Boundary()
        return document, rest

    def _start_of_document(self) -> bytes:
        return bytes(self._buffer[:10_000])
