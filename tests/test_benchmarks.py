"""The benchmarks' own environment is one in which the product starts."""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.bench import ENVIRONMENT
from tests.web_server import REPOSITORY


def test_the_product_starts_in_the_environment_of_the_benchmarks(tmp_path: Path) -> None:
    others = {name: text for name, text in os.environ.items() if not name.startswith("HUB_")}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=REPOSITORY,
        env={**others, **ENVIRONMENT, "HUB_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
