"""The vendored assets are those of the lock file and load nothing from elsewhere."""

import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tools import vendor_assets
from tools.vendor_assets import LOCK_NAME, VENDOR_FOLDER, VendorError, differences

STYLE = "nhsuk-frontend/nhsuk-frontend.min.css"
SCRIPT = "nhsuk-frontend/nhsuk-frontend.min.js"
AUTOCOMPLETE = [
    f"accessible-autocomplete/accessible-autocomplete.min.{kind}" for kind in ("css", "js")
]
ICON = "nhsuk-frontend/images/favicon.svg"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the vendored tree that a test may spoil."""
    return shutil.copytree(VENDOR_FOLDER, tmp_path / "vendor")


def test_the_tree_is_what_its_lock_file_says() -> None:
    assert differences(VENDOR_FOLDER) == []


def test_an_altered_file_is_reported(folder: Path) -> None:
    with (folder / STYLE).open("a") as style:
        style.write(" ")
    assert differences(folder) == [f"{STYLE} is not the file that was locked."]


def test_a_missing_file_is_reported(folder: Path) -> None:
    (folder / SCRIPT).unlink()
    assert differences(folder) == [f"{SCRIPT} is missing."]


def test_an_extra_file_is_reported(folder: Path) -> None:
    (folder / "copied-by-hand.js").touch()
    assert differences(folder) == ["copied-by-hand.js is not in the lock file."]


def test_every_difference_is_reported(folder: Path) -> None:
    (folder / STYLE).rename(folder / "renamed.css")
    (folder / ICON).write_text("<svg/>")
    assert len(differences(folder)) == 3


def test_a_missing_lock_file_is_reported(folder: Path) -> None:
    (folder / LOCK_NAME).unlink()
    assert differences(folder) == [f"{LOCK_NAME} is missing."]


def test_the_command_exits_with_1_and_names_each_difference(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(vendor_assets, "VENDOR_FOLDER", folder)
    monkeypatch.setattr(sys, "argv", ["vendor_assets.py", "--check"])
    assert vendor_assets.main() == 0
    (folder / ICON).unlink()
    assert vendor_assets.main() == 1
    assert capsys.readouterr().err == f"{ICON} is missing.\n"


def test_the_style_sheet_names_no_other_host_and_only_files_that_exist() -> None:
    path = VENDOR_FOLDER / STYLE
    style = path.read_text("utf-8")
    addresses = re.findall(r"url\(([^)]*)\)", style)
    assert addresses
    assert all((path.parent / address).is_file() for address in addresses)
    assert not re.search(r"//|@import|@font-face|Frutiger", style)


@pytest.mark.parametrize("name", [STYLE, SCRIPT, *AUTOCOMPLETE])
def test_no_source_map_is_named(name: str) -> None:
    assert "sourceMappingURL" not in (VENDOR_FOLDER / name).read_text("utf-8")


def test_an_archive_other_than_the_pinned_one_is_refused() -> None:
    first, *_ = vendor_assets.read_locks(VENDOR_FOLDER)
    lock = replace(first, integrity="sha512-another")
    with pytest.raises(VendorError, match="integrity differs"):
        vendor_assets.verify(b"archive", lock)


def test_a_style_sheet_that_still_names_another_host_is_refused() -> None:
    with pytest.raises(VendorError, match="still needs"):
        vendor_assets.localise_style("a{background:url(https://example.org/a.svg)}")
