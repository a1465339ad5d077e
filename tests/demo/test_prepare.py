"""The commands of the demo, run as `make demo` runs them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from pytest_django import Settings

from demo.management.commands.prepare_demo import Command as PrepareDemo
from demo.management.commands.seed_demo import Command as SeedDemo
from demo.static_files import collect_if_changed
from tests.environment import FIXED

PROJECT = Path(__file__).parents[2]


def manage(command: str, folder: Path) -> str:
    """Run a management command as in a demo whose data are in `folder`; return what it printed."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HUB_")},
        "HUB_DATA": str(folder),
        "HUB_DEMO": "true",
        "HUB_TIER": "light",  # without patients the month is made faster
        "HUB_SECRET_KEY": "only-for-tests",
        "HUB_AUDIT_KEY": "only-for-tests",
        "HUB_ENCRYPTION_KEYS": FIXED["HUB_ENCRYPTION_KEYS"],
        "HUB_ALLOWED_HOSTS": "127.0.0.1",
        "HUB_BASE_URL": "http://127.0.0.1:8000",
        "HUB_STATIC_STORAGE": settings.STORAGES["staticfiles"]["BACKEND"],
        "DATABASE_URL": f"sqlite:///{folder / 'hub.sqlite3'}",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_demo_is_prepared_once_and_welcomes(tmp_path: Path) -> None:
    first = manage("prepare_demo", tmp_path)
    assert first.splitlines() == [
        "Database: up to date.",
        "Static files: collected.",
        "Demo data: added.",
    ]
    second = manage("prepare_demo", tmp_path)
    assert second.splitlines() == [
        "Database: up to date.",
        "Static files: unchanged.",
        "Demo data: nothing missing.",
    ]
    assert "Inpatient Hub, Light, is at" in manage("demo_welcome", tmp_path)


@pytest.mark.parametrize("command", [PrepareDemo, SeedDemo])
def test_outside_the_demo_they_refuse(
    settings: Settings, command: type[PrepareDemo | SeedDemo]
) -> None:
    settings.HUB_DEMO = False
    with pytest.raises(CommandError, match="demo only"):
        call_command(command())


class TestStaticFiles:
    @pytest.fixture
    def source(self, settings: Settings, tmp_path: Path) -> Path:
        source = tmp_path / "source"
        source.mkdir()
        (source / "one.css").write_text("a {}")
        settings.STATICFILES_DIRS = [source]
        settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
        settings.STATIC_ROOT = tmp_path / "static"
        return source

    def test_they_are_collected_once(self, source: Path, tmp_path: Path) -> None:
        assert collect_if_changed() is True
        assert (tmp_path / "static" / "one.css").exists()
        assert collect_if_changed() is False

    def test_a_changed_file_is_collected(self, source: Path, tmp_path: Path) -> None:
        collect_if_changed()
        (source / "one.css").write_text("a { color: red }")
        assert collect_if_changed() is True
        assert "red" in (tmp_path / "static" / "one.css").read_text()

    def test_a_new_file_is_collected(self, source: Path, tmp_path: Path) -> None:
        collect_if_changed()
        (source / "two.css").write_text("b {}")
        assert collect_if_changed() is True

    def test_what_was_deleted_is_collected_again(self, source: Path, tmp_path: Path) -> None:
        collect_if_changed()
        (tmp_path / "static").rename(tmp_path / "gone")
        assert collect_if_changed() is True
