"""The unit as a file, so that it outlives the process."""

import os
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from systmone.simulator.documents import Element, parse


def load_or_create(path: Path, create: Callable[[], Element]) -> Element:
    """Return the unit in this file; where there is none, make one and write it."""
    if path.exists():
        return parse(path.read_bytes())
    root = create()
    save(path, root)
    return root


def save(path: Path, root: Element) -> None:
    """Replace the file in one step: a reader finds the old unit or the new one, never a part."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(etree.tostring(root, encoding="UTF-8", xml_declaration=True))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
