"""Typed, frozen values and their XML: the fields of a class say which elements it reads and writes.

A field `event_uid: str | None` is the element `EventUID`: absent is None, present but empty is "".
A field `lines: tuple[str, ...]` is the element `Line`, which repeats. `Sequence` instead of `tuple`
reads value by value, when it is looked at. What no field holds stays reachable in `source`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property, partial
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Generic,
    Self,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)

from lxml import etree

from systmone.protocol.documents import Element
from systmone.protocol.errors import InvalidRequest
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
        for rule in self.rules:
            here = f"{path}/{rule.path}".lstrip("/")
            held = getattr(self, rule.name)
            for each in held if rule.repeats else (held,):
                if isinstance(each, Value):
                    each.check_readable(here)
                elif each is None and self.source is not None and rule.text_in(self.source):
                    wanted = SCALARS[rule.kind].wanted
                    raise InvalidRequest(here, "XML Overview", f"must be {wanted}")

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
            return ReadWhenSeen(self.kind, partial(element.findall, self.path))
        if "/" in self.path:
            found = element.findall(self.path)
        else:
            found = children.get(self.path) or children.get(self.also_read) or []
        if self.repeats:
            return tuple([self._from_element(child) for child in found]) if found else ()
        if not found:
            return False if self.kind is bool else None
        return self._from_element(found[0])

    def text_in(self, element: Element) -> str | None:
        """The text of the field in `element`, if it has one."""
        if self.attribute:
            return element.get(self.path)
        return element.findtext(self.path) or element.findtext(self.also_read or self.path)

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


T = TypeVar("T", bound=Value)


class ReadWhenSeen(Sequence[T], Generic[T]):
    """The values of elements that repeat, each made when it is first looked at."""

    def __init__(self, kind: type[T], find: Callable[[], list[Element]]) -> None:
        self._kind = kind
        self._find = find
        self._made: dict[int, T] = {}

    @cached_property
    def _elements(self) -> list[Element]:
        return self._find()

    def __len__(self) -> int:
        return len(self._elements)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(len(self))))
        place = range(len(self))[index]
        if place not in self._made:
            self._made[place] = self._kind.from_xml(self._elements[place])
        return self._made[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


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
