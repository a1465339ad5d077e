"""Vendor what the pages need in a browser, so that they need neither Node nor another host.

    python tools/vendor_assets.py           fetch the pinned packages, write their assets
    python tools/vendor_assets.py --check   compare them with their lock file, offline

`static/vendor/vendor.lock.json` pins the packages: the NHS design system, and a list of choices
that narrows as one types, which it lacks. To upgrade one, put its new version and integrity
(`npm view nhsuk-frontend@<version> dist.integrity`) there; fetch again.
"""

import argparse
import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
from collections import ChainMap
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

VENDOR_FOLDER = Path(__file__).resolve().parents[1] / "static" / "vendor"
LOCK_NAME = "vendor.lock.json"

STYLE = "nhsuk-frontend.min.css"
SCRIPT = "nhsuk-frontend.min.js"
PAGE_ICONS = ("images/favicon.ico", "images/favicon.svg", "images/nhsuk-icon-180.png")

FONT_FACE = re.compile(r"@font-face\{font-family:Frutiger W01;[^}]*\}")
SOURCE_MAP = re.compile(r"(//|/\*)# sourceMappingURL=.*")
ICON = re.compile(r"url\((images/[^)]+)\)")
NOT_LOCAL = re.compile(r"url\((?!images/)|@import|//|Frutiger")

# The package ships no licence file. The first line is the notice of its repository.
LICENCE = """\
MIT License

Copyright (c) 2019 NHS.UK
Crown Copyright (NHS England)

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


class VendorError(Exception):
    """The package cannot be trusted or cannot be made to work from this site alone."""


@dataclass(frozen=True)
class Lock:
    """A vendored package as it is pinned, and the SHA-256 of each file taken."""

    package: str
    version: str
    integrity: str
    files: dict[str, str]


def read_locks(folder: Path) -> list[Lock]:
    """Return what the folder's lock file says."""
    return [Lock(**lock) for lock in json.loads((folder / LOCK_NAME).read_text("utf-8"))]


def differences(folder: Path) -> list[str]:
    """Return a sentence for each way in which the folder differs from its lock file."""
    if not (folder / LOCK_NAME).is_file():
        return [f"{LOCK_NAME} is missing."]
    locked = dict(ChainMap(*(lock.files for lock in read_locks(folder))))
    found = _hashes_on_disk(folder)
    missing = locked.keys() - found.keys()
    extra = found.keys() - locked.keys()
    kept = locked.keys() & found.keys()
    altered = {name for name in kept if locked[name] != found[name]}
    return [
        *(f"{name} is missing." for name in sorted(missing)),
        *(f"{name} is not in the lock file." for name in sorted(extra)),
        *(f"{name} is not the file that was locked." for name in sorted(altered)),
    ]


def vendor_assets(folder: Path) -> None:
    """Fetch the packages that the lock file pins; write their assets and hashes."""
    locks = [_vendor(lock, folder) for lock in read_locks(folder)]
    text = json.dumps([asdict(lock) for lock in locks], indent=2)
    (folder / LOCK_NAME).write_text(text + "\n", "utf-8")


def _vendor(lock: Lock, folder: Path) -> Lock:
    with TemporaryDirectory() as workspace:
        archive = _fetch(lock, Path(workspace))
        verify(archive.read_bytes(), lock)
        with tarfile.open(archive) as package:
            package.extractall(workspace, filter="data")
        assets = ASSETS[lock.package](Path(workspace) / "package")
    _write(assets, folder / lock.package)
    files = {f"{lock.package}/{name}": _sha256(data) for name, data in assets.items()}
    return replace(lock, files=files)


def verify(archive: bytes, lock: Lock) -> None:
    """Refuse an archive that is not, to the bit, the one that was pinned."""
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if f"sha512-{digest}" != lock.integrity:
        package = f"{lock.package} {lock.version}"
        raise VendorError(f"{package} is not the pinned one: its integrity differs.")


def design_system(package: Path) -> dict[str, bytes]:
    """Return the files that a page needs of the NHS design system, by name."""
    distribution = package / "dist" / "nhsuk"
    style = localise_style((distribution / STYLE).read_text("utf-8"))
    script = SOURCE_MAP.sub("", (distribution / SCRIPT).read_text("utf-8"))
    images = sorted({*PAGE_ICONS, *ICON.findall(style)})
    return {
        "LICENCE.txt": LICENCE.encode(),
        STYLE: style.encode(),
        SCRIPT: script.encode(),
        **{name: (distribution / "assets" / name).read_bytes() for name in images},
    }


def autocomplete(package: Path) -> dict[str, bytes]:
    """Return the files that a page needs of the list that narrows as one types, by name."""
    names = [f"accessible-autocomplete.min.{kind}" for kind in ("css", "js")]
    texts = {name: (package / "dist" / name).read_text("utf-8") for name in names}
    return {
        "LICENCE.txt": (package / "LICENSE.txt").read_bytes(),
        **{name: SOURCE_MAP.sub("", text).encode() for name, text in texts.items()},
    }


ASSETS: dict[str, Callable[[Path], dict[str, bytes]]] = {
    "nhsuk-frontend": design_system,
    "accessible-autocomplete": autocomplete,
}


def localise_style(style: str) -> str:
    """Return the style sheet in Arial and with its icons beside it.

    Frutiger needs a licence and comes from another host. Icon addresses become
    relative, so that Django can give the icons hashed names.
    """
    style = SOURCE_MAP.sub("", FONT_FACE.sub("", style))
    style = style.replace("Frutiger W01,", "")
    style = style.replace("url(/assets/images/", "url(images/")
    if unexpected := NOT_LOCAL.search(style):
        start = unexpected.start()
        raise VendorError(f"{STYLE} still needs {style[start : start + 80]}")
    return style


def main() -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(description="Vendor what the pages need.")
    parser.add_argument("--check", action="store_true", help="only compare, offline")
    try:
        if not parser.parse_args().check:
            vendor_assets(VENDOR_FOLDER)
        problems = differences(VENDOR_FOLDER)
    except VendorError as error:
        problems = [str(error)]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _fetch(lock: Lock, destination: Path) -> Path:
    """Download the package's archive with npm, which knows the registry."""
    command = ["npm", "pack", "--loglevel=error", f"{lock.package}@{lock.version}"]
    subprocess.run(command, cwd=destination, check=True, stdout=subprocess.DEVNULL)
    return next(destination.glob("*.tgz"))


def _write(assets: dict[str, bytes], destination: Path) -> None:
    shutil.rmtree(destination, ignore_errors=True)
    for name, data in assets.items():
        path = destination / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _hashes_on_disk(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): _sha256(path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and path != folder / LOCK_NAME
    }


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
