"""A sequence whose values are made when they are looked at: a record may hold thousands."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Generic, TypeVar, overload

from systmone.protocol.documents import Element

T = TypeVar("T")


class ReadWhenSeen(Sequence[T], Generic[T]):
    """The values of elements that repeat, each made when it is first looked at."""

    def __init__(self, make: Callable[[Element], T], find: Callable[[], list[Element]]) -> None:
        self._make = make
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
            self._made[place] = self._make(self._elements[place])
        return self._made[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))
