"""How fast an audit completes its task, beside bare SQL and other frameworks, on PostgreSQL.

    .venv/bin/python benchmarks/sync.py [--quick] [--json]

Runs after `make setup` and starts servers of its own. `benchmarks/sync_speed.py` measures.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.launch import launch

if __name__ == "__main__":
    launch("benchmarks.sync_speed")
