"""A request's parameters from text: `Identity.NhsNumber=9434765919`, or an XML file.

Dots make nesting, a bare `NAME=` an empty element, `Code@Scheme=CTV3` an attribute; a name given
again repeats its element.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from systmone.protocol.documents import Element
from systmone.protocol.errors import InvalidRequest
from systmone.protocol.requests import Request
from systmone.protocol.scalars import NOT_IN_XML
from systmone.protocol.values import Rule, Value

SECTION = "Function Descriptions"


def from_pairs(request: type[Request[Value]], pairs: Iterable[str]) -> Element:
    """FunctionParameters of `request` from `NAME=VALUE` pairs, in their order.

    Raises InvalidRequest for a pair without `=`, or a name that the function does not have.
    """
    parameters = etree.Element("FunctionParameters")
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise InvalidRequest(name, SECTION, "must be written NAME=VALUE, or NAME= for nothing")
        if NOT_IN_XML.search(value):
            raise InvalidRequest(name, "XML Overview", "holds a character that XML cannot hold")
        _check_name(request, name)
        _add(parameters, name, value)
    return parameters


def from_file(path: Path) -> Element:
    """FunctionParameters from an XML file, whose root it is or which holds it in a whole request.

    Raises OSError where the file cannot be read, InvalidRequest for what is no such XML.
    """
    parser = etree.XMLParser(
        remove_blank_text=True, remove_comments=True, resolve_entities=False, no_network=True
    )
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        raise InvalidRequest(path.name, SECTION, "is not well-formed XML") from error
    found = next(root.iter("FunctionParameters"), None)
    if found is None or root.getroottree().docinfo.doctype:
        raise InvalidRequest(path.name, SECTION, "must hold one FunctionParameters element")
    return found


def names(kind: type[Value], before: str = "") -> Iterator[str]:
    """The dotted names that a request of this kind, or a part of it, takes."""
    for rule in kind.rules:
        name = before + _dotted(rule)
        if isinstance(rule.kind, type) and issubclass(rule.kind, Value):
            yield from names(rule.kind, f"{name}.")
        else:
            yield name


def _dotted(rule: Rule) -> str:
    return f"@{rule.path}" if rule.attribute else rule.path.replace("/", ".")


def _check_name(request: type[Request[Value]], name: str) -> None:
    known = {each.replace(".@", "@") for each in names(request)}
    bare = name.replace("NhsNumber", "NHSNumber")
    if not any(each == bare or each.startswith((f"{bare}.", f"{bare}@")) for each in known):
        raise InvalidRequest(
            name, request.function, "is no parameter; `python -m systmone functions` lists them"
        )


def _add(parameters: Element, name: str, value: str) -> None:
    path, at, attribute = name.partition("@")
    *containers, tag = path.split(".")
    element = parameters
    for container in containers:
        element = _last(element, container)
    if at:
        owner = _last(element, tag)
        if attribute in owner.attrib:
            raise InvalidRequest(
                name, SECTION, f"is given twice; `{path}=` begins another element before it"
            )
        owner.set(attribute, value)
    else:
        etree.SubElement(element, tag).text = value or None


def _last(element: Element, tag: str) -> Element:
    found = element.findall(tag)
    return found[-1] if found else etree.SubElement(element, tag)
