"""XML in and out, hardened: no document type, no entities, no network, bounded size."""

from functools import cache

from lxml import etree

from systmone.protocol.errors import NotTheProtocol

Element = etree._Element

MAXIMUM_BYTES = 32 * 1024 * 1024
MOST_TAGS = 4_000_000  # a full record of this size has fewer; each may take 100 bytes of memory


def parse(document: bytes, maximum_bytes: int = MAXIMUM_BYTES) -> Element:
    """The root element of `document`, which is UTF-8 or says what else it is.

    Raises NotTheProtocol for what is no XML, declares a document type, or is larger than
    `maximum_bytes` or `MOST_TAGS`.
    """
    if len(document) > maximum_bytes:
        raise NotTheProtocol(f"it is larger than {maximum_bytes} bytes", document)
    if document.count(b"<") > MOST_TAGS:
        raise NotTheProtocol(f"it has more than {MOST_TAGS} tags", document)
    try:
        root = _root(document)
    except etree.XMLSyntaxError as error:
        raise NotTheProtocol("it is not well-formed XML", document) from error
    if root.getroottree().docinfo.doctype:
        raise NotTheProtocol("it declares a document type", document)
    return root


def serialise(root: Element) -> bytes:
    """`root` as UTF-8 on one line, so that a newline can end the document.

    Line breaks inside text become character references, which mean the same to every XML reader.
    """
    return etree.tostring(root, encoding="UTF-8", xml_declaration=False).replace(b"\n", b"&#10;")


def _root(document: bytes) -> Element:
    """Taken for UTF-8 wherever that fits: known clients declare UTF-16 and send something else."""
    try:
        return etree.fromstring(document, _parser("utf-8"))
    except etree.XMLSyntaxError:
        if _is_utf_8(document):
            raise
    try:
        return etree.fromstring(document, _parser(None))
    except etree.XMLSyntaxError:
        return etree.fromstring(document, _parser("windows-1252"))


def _is_utf_8(document: bytes) -> bool:
    try:
        document.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@cache
def _parser(encoding: str | None) -> etree.XMLParser:
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
