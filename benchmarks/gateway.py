"""How well a SystmOne gateway uses its one request a second, on PostgreSQL, Redis and Celery.

    .venv/bin/python benchmarks/gateway.py [--seconds 60] [--json]

Runs after `make setup` and starts servers of its own, a SystmOne simulator with TPP's limits among
them. `benchmarks/outbox.py` measures.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.launch import launch

if __name__ == "__main__":
    launch("benchmarks.outbox_stage")
