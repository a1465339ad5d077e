"""XML as the simulator reads and writes it: no document type, no entities, no network."""

from collections.abc import Iterable
from copy import deepcopy

from lxml import etree

Element = etree._Element


class NotXml(Exception):
    """These bytes are no XML document that the simulator would read."""


def parse(data: bytes) -> Element:
    """Return the root of one document, or raise `NotXml`; comments and instructions are gone."""
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotXml(str(error)) from None
    if root.getroottree().docinfo.doctype:
        raise NotXml("A document type declaration is not accepted")
    return root


def build(tag: str, content: str | Iterable[Element] = (), **attributes: str) -> Element:
    """Return an element with a text or with children."""
    element = etree.Element(tag, attributes)
    if isinstance(content, str):
        element.text = content or None
    else:
        element.extend(content)
    return element


def tag_of(element: Element) -> str:
    """Return the element's name; there are no comments or instructions to meet."""
    return str(element.tag)


def text_of(parent: Element, path: str) -> str:
    """Return the stripped text at `path`; an absent and an empty element are both ""."""
    return (parent.findtext(path) or "").strip()


def texts_of(parent: Element, path: str) -> list[str]:
    """Return the stripped texts of all elements at `path` that are not empty."""
    return [text for found in parent.findall(path) if (text := (found.text or "").strip())]


def set_text(parent: Element, tag: str, text: str) -> None:
    """Give the child `tag` this text; the child is made where it is absent."""
    child = parent.find(tag)
    if child is None:
        child = etree.SubElement(parent, tag)
    child.text = text or None


def published(element: Element) -> Element:
    """Return a copy without what is private: attributes that start with a lower-case letter."""
    copy = deepcopy(element)
    copy.tail = None
    for part in copy.iter():
        for name in [name for name in part.attrib if str(name)[0].islower()]:
            del part.attrib[name]
    return copy


def serialised(element: Element) -> bytes:
    """Return the document on one line, UTF-8, without its newline."""
    return etree.tostring(element, encoding="UTF-8", xml_declaration=True).replace(
        b"?>\n", b"?>", 1
    )
