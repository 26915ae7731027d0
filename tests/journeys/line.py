"""The network between a browser and a server: a port that can be cut, for pages, workers and sockets alike."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread


class Line:
    """Carries bytes to a server's port while it is not cut; cut, it refuses as a computer without network does."""

    def __init__(self, server_port: int) -> None:
        self._server = ("127.0.0.1", server_port)
        self._open: set[socket.socket] = set()
        self._door: socket.socket | None = None
        self.port = 0
        self.mend()

    def mend(self) -> None:
        """Let connections through, on the same port as before."""
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", self.port))
        door.listen(64)
        self._door, self.port = door, door.getsockname()[1]
        Thread(target=self._welcome, args=(door,), daemon=True).start()

    def cut(self) -> None:
        """End every connection and refuse new ones."""
        if self._door is not None:
            _shut(self._door)
        self._door = None
        for one in tuple(self._open):
            _shut(one)

    def _welcome(self, door: socket.socket) -> None:
        with suppress(OSError):  # the door was shut
            while True:
                near, _ = door.accept()
                Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self._server, timeout=5)
        except OSError:
            _shut(near)  # the server is gone: so is the connection
            return
        far.settimeout(None)
        self._open |= {near, far}
        Thread(target=self._carry, args=(near, far), daemon=True).start()
        self._carry(far, near)

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):  # either end was shut
            while data := source.recv(65_536):
                target.sendall(data)
        for one in (source, target):
            _shut(one)
            self._open.discard(one)


def _shut(one: socket.socket) -> None:
    with suppress(OSError):  # not connected any more
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def line_to(server_port: int) -> Iterator[Line]:
    """Lend a line for the length of a block."""
    line = Line(server_port)
    try:
        yield line
    finally:
        line.cut()
