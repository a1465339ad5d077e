"""Compare the pins in requirements*.txt with pyproject.toml, offline.

Each file must pin what pyproject.toml asks for and what that needs in turn, and nothing else;
what a package needs, the installed package says itself.
"""

import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import requires
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent
GROUPS = {
    "requirements.txt": None,
    "requirements-demo.txt": "demo",
    "requirements-benchmarks.txt": "benchmarks",
    "requirements-dev.txt": "dev",
}


def main() -> int:
    """Compare each file; return the exit status."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    complaints = [
        f"{name} {complaint}"
        for name, group in GROUPS.items()
        for complaint in compare(asked_for(project, group), pins((PROJECT / name).read_text()))
    ]
    print("\n".join([*complaints, "Run make requirements."]) if complaints else "in step")
    return 1 if complaints else 0


def asked_for(project: dict[str, Any], group: str | None) -> list[Requirement]:
    """Return what pyproject.toml asks for, with the dependencies of `group`."""
    lines = list(project["project"]["dependencies"])
    included = [group] if group else []
    for name in included:
        for entry in project["dependency-groups"][name]:
            if isinstance(entry, str):
                lines.append(entry)
            else:
                included.append(entry["include-group"])
    return [Requirement(line) for line in lines]


def pins(text: str) -> dict[NormalizedName, Requirement]:
    """Return the pins of a requirements file that count on this machine."""
    lines = [line.rstrip(" \\") for line in text.splitlines() if line and line[0] not in " #"]
    return {
        canonicalize_name(pin.name): pin
        for pin in map(Requirement, lines)
        if pin.marker is None or pin.marker.evaluate()
    }


def compare(asked: list[Requirement], pinned: dict[NormalizedName, Requirement]) -> Iterator[str]:
    """Say in what the pins differ from what was asked for."""
    for requirement in asked:
        pin = pinned.get(canonicalize_name(requirement.name))
        if pin and not requirement.specifier.contains(str(pin.specifier).removeprefix("==")):
            yield f"pins {pin}, but pyproject.toml asks for {requirement}"
    needed = with_all_they_need(asked)
    yield from (f"lacks {name}" for name in sorted(needed - pinned.keys()))
    yield from (f"pins {name}, which nothing needs" for name in sorted(pinned.keys() - needed))


def with_all_they_need(asked: Iterable[Requirement]) -> set[NormalizedName]:
    """Return the names of `asked`, of what these packages need, and so on."""
    seen: set[tuple[NormalizedName, str]] = set()
    waiting = list(asked)
    while waiting:
        requirement = waiting.pop()
        for extra in {"", *requirement.extras}:
            package = (canonicalize_name(requirement.name), extra)
            if package not in seen:
                seen.add(package)
                waiting.extend(needs(*package))
    return {name for name, _ in seen}


def needs(name: NormalizedName, extra: str) -> Iterator[Requirement]:
    """Return what the installed package `name` needs on this machine, with its `extra`."""
    for requirement in map(Requirement, requires(name) or []):
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield requirement


if __name__ == "__main__":
    sys.exit(main())
