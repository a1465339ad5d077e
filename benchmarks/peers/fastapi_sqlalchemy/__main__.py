"""`python -m benchmarks.peers.fastapi_sqlalchemy --port N`, on the database of `DATABASE_URL`."""

import argparse

from granian import Granian
from granian.constants import Interfaces, Loops

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    Granian(
        "benchmarks.peers.fastapi_sqlalchemy.app:app",
        address="127.0.0.1",
        port=chosen.port,
        workers=chosen.workers,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        websockets=False,
    ).serve()
