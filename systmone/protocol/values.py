"""Typed, frozen values and their XML: the fields of a class say which elements it reads and writes.

A field `event_uid: str | None` is the element `EventUID`: absent is None, present but empty is "".
A field `lines: tuple[str, ...]` is the element `Line`, which repeats. `Sequence` instead of `tuple`
reads value by value, when it is looked at. What no field holds stays reachable in `source`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Self,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from lxml import etree

from systmone.protocol.documents import Element
from systmone.protocol.errors import InvalidRequest
from systmone.protocol.read_when_seen import ReadWhenSeen
from systmone.protocol.scalars import NOT_IN_XML, SCALARS

ACRONYMS = {
    "uid": "UID",
    "url": "URL",
    "sms": "SMS",
    "gp": "GP",
    "id": "ID",
    "nhs": "NHS",
    "xsd": "XSD",
}


@dataclass(frozen=True)
class Named:
    """The element's name or path where the field's name does not give it."""

    path: str
    also_read: str = ""

    def applied_to(self, rule: "Rule") -> "Rule":
        """`rule` with this name."""
        return replace(rule, path=self.path, also_read=self.also_read)


@dataclass(frozen=True)
class Attribute:
    """The field is an attribute, not an element."""

    name: str

    def applied_to(self, rule: "Rule") -> "Rule":
        """`rule` for an attribute."""
        return replace(rule, path=self.name, attribute=True)


@dataclass(frozen=True)
class Words:
    """A truth that is written in words (`true` and `false`); without it, presence is the truth."""

    yes: str = "true"
    no: str = "false"

    def applied_to(self, rule: "Rule") -> "Rule":
        """`rule` in these words."""
        return replace(rule, words=self)


TrueOrFalse = Annotated[bool, Words()]


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Value:
    """A frozen value of the protocol.

    Its repr shows no content: a value may hold clinical data, and reprs end up in logs.
    """

    rules: ClassVar[tuple["Rule", ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        made: Any = dataclass(frozen=True, kw_only=True, repr=False)(cls)
        hints = get_type_hints(cls, include_extras=True)
        cls.rules = tuple(_rule(each.name, hints[each.name]) for each in fields(made))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    @property
    def source(self) -> Element | None:
        """The element that this value was read from, whole; None if it was made here."""
        return self.__dict__.get("_source")

    @classmethod
    def from_xml(cls, element: Element) -> Self:
        """Read `element`, in whatever order its children come.

        A child that does not hold what its type says is None here, and itself in `source`.
        """
        children: dict[Any, list[Element]] = {}
        for child in element:
            children.setdefault(child.tag, []).append(child)
        value = cls.__new__(cls)
        for rule in cls.rules:
            value.__dict__[rule.name] = rule.read(element, children)
        value.__dict__["_source"] = element
        return value

    def check_readable(self, path: str = "") -> None:
        """Raise InvalidRequest for the first field whose text is not what its type says.

        For a value read from a person's XML, which must not be sent half understood.
        """
        if self.source is None:
            return
        if (self.source.text or "").strip():
            raise InvalidRequest(path, "XML Overview", "must hold elements, not text")
        for rule in self.rules:
            here = f"{path}/{rule.path}".lstrip("/")
            if fault := rule.fault_in(self.source, getattr(self, rule.name)):
                raise InvalidRequest(here, "XML Overview", fault)
            held = getattr(self, rule.name)
            for each in held if rule.repeats else (held,):
                if isinstance(each, Value):
                    each.check_readable(here)

    def to_xml(self, tag: str, path: str = "") -> Element:
        """Write this value as an element `tag`, children in the order of the fields.

        Raises InvalidRequest, naming the field, for text that XML cannot hold and for a naive time.
        """
        element = etree.Element(tag)
        for rule in self.rules:
            rule.write(element, getattr(self, rule.name), path)
        return element


@dataclass(frozen=True)
class Rule:
    """Where one field of a value stands in its element."""

    name: str
    path: str
    kind: Any
    words: Words | None = None
    attribute: bool = False
    repeats: bool = False
    lazy: bool = False
    also_read: str = ""

    def read(self, element: Element, children: dict[Any, list[Element]]) -> Any:
        """The field's value in `element`, whose children are given by their tag."""
        if self.attribute:
            return None if (text := element.get(self.path)) is None else self._from_text(text)
        if self.lazy:
            return ReadWhenSeen(self.kind.from_xml, partial(element.findall, self.path))
        if "/" in self.path:
            found = element.findall(self.path)
        else:
            found = children.get(self.path) or children.get(self.also_read) or []
        if self.repeats:
            return tuple([self._from_element(child) for child in found]) if found else ()
        if not found:
            return False if self.kind is bool else None
        return self._from_element(found[0])

    def fault_in(self, element: Element, value: Any) -> str:
        """What is wrong with the field in `element`, from which `value` was read; "" if nothing."""
        if self.attribute:
            texts = [element.get(self.path, "")]
        else:
            found = [*element.iterfind(self.path)]
            found += element.iterfind(self.also_read) if self.also_read else ()
            if len(found) > 1 and not self.repeats:
                return "is given more than once"
            texts = [(each.text or "").strip() for each in found]
        if self.kind is bool and self.words is None and any(texts):
            return "must be empty: that it is there says yes"
        if value is None and self.kind in SCALARS and any(texts):
            return f"must be {SCALARS[self.kind].wanted}"
        return ""

    def write(self, element: Element, value: Any, path: str) -> None:
        """Write `value` into `element`, which stands at `path`."""
        if value is None or (self.kind is bool and self.words is None and not value):
            return
        here = f"{path}/{self.path}".lstrip("/")
        if self.attribute:
            element.set(self.path, self._to_text(value, here))
            return
        *containers, tag = self.path.split("/")
        for each in value if self.repeats else (value,):
            _within(element, containers).append(self._to_element(tag, each, here))

    def _from_element(self, child: Element) -> Any:
        if self.kind is bool:
            return (
                self.words is None or (child.text or "").strip().lower() == self.words.yes.lower()
            )
        if isinstance(self.kind, type) and issubclass(self.kind, Value):
            return self.kind.from_xml(child)
        return self._from_text(child.text or "")

    def _from_text(self, text: str) -> Any:
        if self.kind is str:
            return text
        try:
            return SCALARS[self.kind].read(text.strip())
        except (ValueError, ArithmeticError):
            return None

    def _to_element(self, tag: str, value: Any, here: str) -> Element:
        if isinstance(value, Value):
            return value.to_xml(tag, here)
        element = etree.Element(tag)
        if self.kind is not bool:
            element.text = self._to_text(value, here)
        elif self.words:
            element.text = self.words.yes if value else self.words.no
        return element

    def _to_text(self, value: Any, here: str) -> str:
        try:
            text = SCALARS[self.kind].write(value)
        except ValueError as error:
            raise InvalidRequest(here, "Dates/Dates and Times", str(error)) from error
        if NOT_IN_XML.search(text):
            raise InvalidRequest(here, "XML Overview", "holds a character that XML cannot hold")
        return text


def _rule(name: str, hint: Any) -> Rule:
    marks = hint.__metadata__ if get_origin(hint) is Annotated else ()
    bare = get_args(hint)[0] if marks else hint
    if get_origin(bare) in {Union, UnionType}:
        (bare,) = (each for each in get_args(bare) if each is not NoneType)
    repeats = get_origin(bare) in {tuple, Sequence}
    words = name.removesuffix("s").split("_") if repeats else name.split("_")
    rule = Rule(
        name=name,
        path="".join(ACRONYMS.get(word, word.capitalize()) for word in words),
        kind=get_args(bare)[0] if repeats else bare,
        repeats=repeats,
        lazy=get_origin(bare) is Sequence,
    )
    for mark in marks:
        rule = mark.applied_to(rule)
    return rule


def _within(element: Element, containers: list[str]) -> Element:
    for tag in containers:
        inner = element.find(tag)
        element = etree.SubElement(element, tag) if inner is None else inner
    return element
