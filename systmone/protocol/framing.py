"""Bytes to documents: no socket here, bytes in and whole documents out.

The specification ends a document with a newline, but a pretty-printed document has newlines inside,
and nobody has published what a real client sends last. So a document ends with its root element,
however it is cut into reads, and what cannot become a response is refused at its first bytes.
"""

import re

from systmone.protocol.documents import MAXIMUM_BYTES
from systmone.protocol.errors import NotTheProtocol

ROOT = b"ClientIntegrationResponse"

_BEFORE_XML = b" \t\r\n\xef\xbb\xbf"  # blanks, and the byte order mark of UTF-8
_PROLOG = rb"(?>\s|\xef\xbb\xbf|<\?.*?\?>|<!--.*?-->)*+"
_ROOT_START = re.compile(_PROLOG + rb"<" + ROOT + rb"(?=[\s>])", re.DOTALL)
_UNDECIDED = re.compile(_PROLOG + rb"(?:(?:<[?!\w]*[\w-]*|\xef\xbb?)?\Z|<(?:\?|!--))", re.DOTALL)
_LONGEST_PROLOG = 4096  # bytes

_MARKUP = re.compile(rb"<!--|<!\[CDATA\[|<\?|</" + ROOT + rb"\s*>")
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_LONGEST_END_TAG = 128  # bytes, with its blanks


class DocumentReader:
    """Collects received bytes and gives out whole response documents.

    Holds at most `maximum_bytes` and one fragment; the work grows with the bytes received, not with
    the number of fragments. After an error it is of no more use. Not thread-safe.
    """

    def __init__(self, maximum_bytes: int = MAXIMUM_BYTES) -> None:
        self._maximum_bytes = maximum_bytes
        self._buffer = bytearray()
        self._begin()

    def feed(self, received: bytes) -> list[bytes]:
        """Take `received`, give the documents that are whole now.

        Raises NotTheProtocol for another root, a document type, or a document over the limit.
        """
        self._buffer += received
        documents: list[bytes] = []
        try:
            while (end := self._end_of_document()) is not None:
                documents.append(self._cut_off(end))
            self._check_size(len(self._buffer))
        except NotTheProtocol:
            # What was whole counts, whatever follows it; the next call says what is wrong.
            if not documents:
                raise
        return documents

    def _cut_off(self, end: int) -> bytes:
        self._check_size(end)
        with memoryview(self._buffer) as received:
            document = bytes(received[:end]).lstrip(_BEFORE_XML)
        del self._buffer[:end]
        self._begin()
        return document

    def _begin(self) -> None:
        self._in_root = False
        self._seen = 0  # bytes that need not be looked at again
        self._open = b""  # what ends the comment, CDATA section or instruction that is open

    def _check_size(self, size: int) -> None:
        if size > self._maximum_bytes:
            raise NotTheProtocol(f"it is larger than {self._maximum_bytes} bytes", self._start())

    def _start(self) -> bytes:
        return bytes(self._buffer[:_LONGEST_PROLOG])

    def _end_of_document(self) -> int | None:
        """Where the first document ends, or None until more bytes are there."""
        if not self._in_root and not self._find_root():
            return None
        while self._skip_what_is_open():
            markup = _MARKUP.search(self._buffer, self._seen)
            if markup is None:
                self._wait_for_more()
                return None
            self._seen = markup.end()
            if markup[0] not in _ENDS:
                return markup.end()
            self._open = _ENDS[markup[0]]
        return None

    def _find_root(self) -> bool:
        start = self._start()
        if root := _ROOT_START.match(start):
            self._in_root, self._seen = True, root.end()
        elif len(start) == _LONGEST_PROLOG or not _UNDECIDED.match(start):
            raise NotTheProtocol("it does not begin as a response does", start)
        return self._in_root

    def _skip_what_is_open(self) -> bool:
        """Whether the next markup can be looked for."""
        if not self._open:
            return True
        at = self._buffer.find(self._open, self._seen)
        if at < 0:
            self._seen = max(self._seen, len(self._buffer) - len(self._open) + 1)
            return False
        self._seen = at + len(self._open)
        self._open = b""
        return True

    def _wait_for_more(self) -> None:
        """Look again only at a piece of markup that the end of the buffer may have cut."""
        cut = self._buffer.rfind(b"<", max(self._seen, len(self._buffer) - _LONGEST_END_TAG))
        self._seen = len(self._buffer) if cut < 0 else cut
