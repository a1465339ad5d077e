"""The page's web server: this machine only, and no other site may press its buttons."""

import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from systmone.simulator.devices import Approval
from systmone.simulator.page import views
from systmone.simulator.page.html import STYLE
from systmone.simulator.simulator import Simulator

HOST = "127.0.0.1"
LONGEST_FORM = 10_000
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class AuditPage:
    """Shows a running simulator on http://127.0.0.1:port/; port 0 is any that is free."""

    def __init__(self, simulator: Simulator, port: int) -> None:
        self._server = _Server(simulator, port)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    @property
    def url(self) -> str:
        """The page's address."""
        return f"http://{HOST}:{self._server.server_port}/"

    def __enter__(self) -> "AuditPage":
        """Start."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, simulator: Simulator, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.simulator = simulator
        devices = simulator.devices
        self.actions: dict[str, Callable[[str], None]] = {
            "/approve": lambda device: devices.decide(Approval.AUTO),
            "/block": lambda device: devices.decide(Approval.BLOCK),
            "/lift-block": devices.lift_block,
            "/save": lambda device: simulator.save_record(),
            "/discard": lambda device: simulator.discard_record(),
        }

    @property
    def own_hosts(self) -> tuple[str, str]:
        """How a browser may name this server; another name is a trick (DNS rebinding)."""
        return (f"{HOST}:{self.server_port}", f"localhost:{self.server_port}")


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10

    def do_GET(self) -> None:
        """Show the audit, one message, or the style."""
        address = urlsplit(self.path)
        if self.headers.get("Host") not in self.server.own_hosts:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        elif address.path == "/":
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            outcome, refreshes = query.get("outcome", ""), query.get("refresh", "")
            self._send(views.audit(self.server.simulator, outcome, refreshes), "text/html")
        elif address.path == "/style.css":
            self._send(STYLE, "text/css")
        else:
            self._send_message(address.path)

    def do_POST(self) -> None:
        """Do what a button says, if it was this page's button."""
        host = self.headers.get("Host", "")
        action = self.server.actions.get(urlsplit(self.path).path)
        if host not in self.server.own_hosts or self.headers.get("Origin") != f"http://{host}":
            self.send_error(HTTPStatus.FORBIDDEN)
        elif action is None:
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            action(self._form().get("device", [""])[0])
            self.send_response(HTTPStatus.SEE_OTHER)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *arguments: object, **named: object) -> None:
        """Say nothing: the journal tells what matters."""

    def _form(self) -> dict[str, list[str]]:
        length = self.headers.get("Content-Length", "0")
        size = min(int(length), LONGEST_FORM) if length.isdecimal() else 0
        return parse_qs(self.rfile.read(size).decode(errors="replace"))

    def _send_message(self, path: str) -> None:
        number = path.removeprefix("/message/")
        found = [entry for entry in self.server.simulator.journal if str(entry.number) == number]
        if found:
            self._send(views.message(found[0]), "text/html")
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
