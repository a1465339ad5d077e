"""Sockets: connections that come, their documents, and a port that can close and open again."""

import queue
import socket
import threading
from collections.abc import Callable
from typing import TypeVar

from systmone.simulator.framing import Frames, Unreadable

PIECE = 65_536
MOST_DRAINED_PIECES = 8_192
WAITING_REQUESTS = 200
LONGEST_SEND = 30.0
"""Seconds that a client may take to read on before it is cut off."""

QUIET = 1.0
"""Seconds without a byte after which a refused stream is left."""


class Connection:
    """One application's connection."""

    def __init__(self, peer: socket.socket) -> None:
        self._socket = peer
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(LONGEST_SEND)
        self.is_cut = False
        self._is_finished = threading.Event()

    def send(self, data: bytes) -> None:
        """Send, or cut the connection where the other side has gone."""
        try:
            self._socket.sendall(data)
        except OSError:
            self.cut()

    def receive(self) -> bytes:
        """Return the next bytes, b"" at the end."""
        while True:
            try:
                return self._socket.recv(PIECE)
            except TimeoutError:
                continue
            except OSError:
                return b""

    def cut(self) -> None:
        """End the connection at once, in both directions."""
        self.is_cut = True
        self._is_finished.set()
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the other side was faster

    def finish(self) -> None:
        """Send no more; what still comes is left to `drain`."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other side was faster
        self._is_finished.set()

    def drain(self) -> None:
        """Throw away what still comes, so that the last answer is not lost by a reset."""
        self._socket.settimeout(QUIET)
        for _ in range(MOST_DRAINED_PIECES):
            try:
                if not self._socket.recv(PIECE):
                    break
            except TimeoutError:
                if self._is_finished.is_set():
                    break
            except OSError:
                break
        self._is_finished.wait()

    def close(self) -> None:
        """Give the socket back."""
        self.is_cut = True
        self._socket.close()


Arrival = tuple[Connection, bytes | Unreadable | None]
"""A document, or what was none, or None: nothing more comes on this connection."""

Argument = TypeVar("Argument")


class Port:
    """A listening port; its arrivals from all connections stand in one queue, first come first."""

    def __init__(self, host: str, port: int) -> None:
        self.arrivals: queue.Queue[Arrival | None] = queue.Queue(WAITING_REQUESTS)
        self._lock = threading.Lock()
        self._connections: set[Connection] = set()
        self._threads: list[threading.Thread] = []
        self._socket = self._bound(host, port)
        self.host, self.port = self._socket.getsockname()[:2]
        self._turning = threading.Lock()
        self._is_released = False
        self.is_open = False
        self.connections_made = 0

    def open(self) -> None:
        """Accept connections."""
        with self._turning:
            if not self._is_released:
                self._socket.listen(128)
                self.is_open = True
                self._start(self._accept, self._socket)

    def close(self) -> None:
        """Refuse connections, but keep the port for the next `open`."""
        with self._turning:
            if self.is_open:
                self.is_open = False
                self._stop_listening()
                self._socket = self._bound(self.host, self.port)

    def cut_connections(self) -> None:
        """Cut all connections; what they sent and was not yet taken is forgotten."""
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            connection.cut()

    def release(self) -> None:
        """Give up the port and all connections, and wait for the threads."""
        with self._turning:
            self.is_open = False
            self._is_released = True
            self._stop_listening()
        while threads := self._running():
            self.cut_connections()
            for thread in threads:
                thread.join(0.2)
        while not self.arrivals.empty():
            arrival = self.arrivals.get()
            if arrival is not None:
                arrival[0].close()

    def _running(self) -> list[threading.Thread]:
        with self._lock:
            self._threads = [thread for thread in self._threads if thread.is_alive()]
            return list(self._threads)

    def _bound(self, host: str, port: int) -> socket.socket:
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        return bound

    def _stop_listening(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        except OSError:
            pass  # it was not listening
        self._socket.close()

    def _start(self, target: Callable[[Argument], None], argument: Argument) -> None:
        thread = threading.Thread(target=target, args=(argument,), daemon=True)
        self._running()
        with self._lock:
            self._threads.append(thread)
        thread.start()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                peer, _ = listening.accept()
            except OSError:
                return
            connection = Connection(peer)
            with self._lock:
                self._connections.add(connection)
                self.connections_made += 1
            self._start(self._read, connection)

    def _read(self, connection: Connection) -> None:
        frames = Frames()
        try:
            while piece := connection.receive():
                for document in frames.feed(piece):
                    self._arrive(connection, document)
        except Unreadable as error:
            self._arrive(connection, error)
            connection.drain()
            connection.cut()
        with self._lock:
            self._connections.discard(connection)
        # Requests of a connection that was half closed still get their answers.
        self._arrive(connection, None)
        if connection.is_cut:
            connection.close()

    def _arrive(self, connection: Connection, what: bytes | Unreadable | None) -> None:
        while not connection.is_cut:
            try:
                self.arrivals.put((connection, what), timeout=0.2)
            except queue.Full:
                continue
            return
