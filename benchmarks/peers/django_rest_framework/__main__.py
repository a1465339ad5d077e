"""`python -m benchmarks.peers.django_rest_framework --port N`, on `DATABASE_URL`."""

import argparse

from granian import Granian
from granian.constants import Interfaces

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    Granian(
        "benchmarks.peers.django_rest_framework.wsgi:application",
        address="127.0.0.1",
        port=chosen.port,
        workers=chosen.workers,
        blocking_threads=2,
        interface=Interfaces.WSGI,
        websockets=False,
    ).serve()
