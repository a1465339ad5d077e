"""The unit as a file, so that it outlives the process."""

import os
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from systmone.simulator.documents import Element, NotXml, parse


def load_or_create(path: Path, create: Callable[[], Element]) -> Element:
    """Return the unit in this file; where there is no file, make a unit and write it."""
    if path.exists():
        root = parse(path.read_bytes())
        if root.tag != "Unit":
            raise NotXml(f"{path} holds no unit of the simulator")
        return root
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
