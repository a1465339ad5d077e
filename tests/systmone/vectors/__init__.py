"""Every example document of the specification, and shapes seen in real traffic beside it, as data.

`index.toml` says what each file is. For `pytest.mark.parametrize("vector", VECTORS, ids=str)`.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lxml import etree

FOLDER = Path(__file__).parent
INDEX = FOLDER / "index.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """One document."""

    file: str
    kind: Literal["request", "response"]
    function: str
    section: str
    source: Literal["specification", "observed"] = "specification"
    repaired: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.file.removesuffix(".xml")

    @property
    def document(self) -> bytes:
        """The document's bytes, in UTF-8."""
        return (FOLDER / self.file).read_bytes()

    @property
    def root(self) -> etree._Element:
        """The document, parsed anew."""
        return etree.fromstring(self.document)


def _in_index() -> list[Vector]:
    entries = tomllib.loads(INDEX.read_text(encoding="utf-8"))["vector"]
    return [Vector(**entry | {"repaired": tuple(entry.get("repaired", ()))}) for entry in entries]


VECTORS = _in_index()
REQUESTS = [vector for vector in VECTORS if vector.kind == "request"]
RESPONSES = [vector for vector in VECTORS if vector.kind == "response"]


def vector(name: str) -> Vector:
    """The vector whose file is `name` without its ending. Raises KeyError where there is none."""
    return {str(one): one for one in VECTORS}[name]
