"""How much slower the pages get as a trust's data grows, on PostgreSQL.

    .venv/bin/python benchmarks/pages.py [--quick] [--json]

Runs after `make setup` and starts a server of its own. `benchmarks/growth.py` measures.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.launch import launch

if __name__ == "__main__":
    launch("benchmarks.growth")
