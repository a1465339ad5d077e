"""Two documents compared by what they mean."""

from typing import Any

from lxml import etree

from systmone.protocol.times import read_date_time

DATE_TIMES = {"DateTime", "DateTimeStart", "DateSentReceived", "CreatedDate", "Due"}
NUMBERS = {"Duration", "Value"}


def meaning(element: etree._Element) -> Any:
    """Tag, attributes, text and children, whatever their order and way of writing.

    Containers without anything in them are left out: an absent list and an empty one mean the same.
    """
    tag = "NHSNumber" if element.tag == "NhsNumber" else str(element.tag)
    children = sorted((meaning(child) for child in element if not is_empty_list(child)), key=repr)
    attributes = {name: _text(name, text) for name, text in element.attrib.items()}
    text = "" if children else _text(tag, (element.text or "").strip())
    return tag, sorted(attributes.items()), text, children


def is_empty_list(element: etree._Element) -> bool:
    """Whether this holds nothing but a list without entries."""
    return element.tag in {"AccessRights", "UserGroups", "Clinical", "NonClinical"} and not len(
        element
    )


def _text(name: str, text: str) -> str:
    if name in DATE_TIMES and text:
        return read_date_time(text).isoformat()
    return str(float(text)) if name in NUMBERS and text else text
