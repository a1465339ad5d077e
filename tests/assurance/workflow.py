"""A real HTTP server that takes cards as a Power Automate workflow does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class Workflow(ThreadingHTTPServer):
    """Keeps what was posted; answers as `status` says, and then leads to `location`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.location = 202, ""
        self.asked: list[str] = []
        self.cards: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/workflows/1?sig=secret"

    def texts(self) -> list[list[str]]:
        """Return the texts of each card that was taken."""
        contents = [card["attachments"][0]["content"] for card in self.cards]
        return [[one["inlines"][0]["text"] for one in content["body"]] for content in contents]


class _Handler(BaseHTTPRequestHandler):
    server: Workflow

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(self.path)
        if self.server.status < 300:
            self.server.cards.append(json.loads(body))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def running_workflow() -> Iterator[Workflow]:
    """Run one until the block ends."""
    with Workflow() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
