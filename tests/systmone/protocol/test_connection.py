"""A connection never lets a request arrive after the caller was told that it may not have."""

import socket
import time
from contextlib import suppress

import pytest

from systmone.protocol.connection import Connection
from systmone.protocol.errors import NotSent, OutcomeUnknown

SMALL = 4096  # bytes that the other side's system takes by itself, doubled
DOCUMENT = b"<note>" + b"x" * 20_000_000 + b"</note>\n"
ANSWER = b"<ClientIntegrationResponse></ClientIntegrationResponse>\n"


@pytest.fixture
def listener() -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    listener.settimeout(5)
    return listener


def connection_to(listener: socket.socket) -> Connection:
    host, port = listener.getsockname()
    return Connection(host, port, time.monotonic() + 5, maximum_bytes=10_000)


def read_all(peer: socket.socket) -> None:
    while peer.recv(SMALL):
        pass


def test_what_lies_unsent_when_nobody_answered_never_arrives(listener: socket.socket) -> None:
    with listener:
        connection = connection_to(listener)
        peer, _ = listener.accept()
        deadline = time.monotonic() + 0.3
        with pytest.raises(OutcomeUnknown):
            connection.send(DOCUMENT, deadline)  # the peer reads nothing yet
        connection.close()
        with peer, pytest.raises(ConnectionResetError):
            read_all(peer)


def test_after_an_answer_it_ends_in_peace(listener: socket.socket) -> None:
    with listener:
        connection = connection_to(listener)
        peer, _ = listener.accept()
        with peer:
            deadline = time.monotonic() + 5
            connection.send(b"<note/>\n", deadline)
            peer.sendall(ANSWER)
            assert connection.receive(deadline)
            connection.close()
            assert peer.recv(SMALL) == b"<note/>\n"
            assert peer.recv(SMALL) == b""


def test_nothing_leaves_after_the_deadline(listener: socket.socket) -> None:
    """A process that was stopped in between goes on later than it may."""
    with listener:
        connection = connection_to(listener)
        peer, _ = listener.accept()
        with peer:
            with pytest.raises(NotSent):
                connection.send(b"<note/>\n", time.monotonic() - 0.001)
            connection.close()
            with suppress(ConnectionResetError):
                assert peer.recv(SMALL) == b""
