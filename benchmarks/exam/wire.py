"""Keep-alive connections of many browsers in one thread: epoll, non-blocking sockets, an open loop.

A request is counted from the moment it was *scheduled* for, not from the moment it could be sent: a server that is slow
makes the requests behind it wait, and that waiting is what people see.
"""

from __future__ import annotations

import errno
import select
import socket
import statistics
import time
from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

Learn = Callable[[bytes], None]
"""What whoever asked makes of the body of a good answer."""

Ask = tuple[str, float, Callable[[], bytes], Learn | None]
"""Kind, the moment it was scheduled for, what makes its bytes when it is sent, who learns from the answer."""

NO_ANSWER = 0
"""Stands for the status of a request that was never answered: refused, cut off, or too late."""


@dataclass
class Seen:
    """What a phase saw: how long answers took by kind, and every answer that was not a good one."""

    waits: dict[str, array[float]] = field(default_factory=dict)
    bad: Counter[str] = field(default_factory=Counter)
    rejected: int = 0

    def note(self, kind: str, status: int, wait: float) -> None:
        """Keep one answer."""
        if status not in (200, 204):
            self.bad[f"{kind} {status or 'unanswered'}"] += 1
        if status:
            self.waits.setdefault(kind, array("d")).append(wait)

    def told(self, seconds: float) -> dict[str, object]:
        """Sum up: req/s of good and bad answers together, waiting times in ms."""
        kinds = {kind: _spread(waits) for kind, waits in self.waits.items()}
        everything = array("d", [wait for waits in self.waits.values() for wait in waits])
        return {
            "seconds": round(seconds, 2), "requests": len(everything),
            "per_second": round(len(everything) / seconds, 1), "bad": dict(self.bad),
            "rejected": self.rejected, "kinds": kinds, **_spread(everything),
        }  # fmt: skip


def _spread(waits: array[float]) -> dict[str, float]:
    if not waits:
        return {"count": 0, "p50_ms": 0.0, "p99_ms": 0.0, "max_ms": 0.0}
    cuts = statistics.quantiles(waits, n=100) if len(waits) > 1 else [waits[0]] * 99
    numbers = {"p50_ms": cuts[49], "p99_ms": min(cuts[98], max(waits)), "max_ms": max(waits)}
    return {"count": len(waits)} | {name: round(1000 * value, 2) for name, value in numbers.items()}


class Connection:
    """One browser's connection; what is asked while an answer is out waits its turn."""

    __slots__ = ("asked", "buffer", "queue", "ready", "socket")

    def __init__(self) -> None:
        """Begin unconnected: the first ask connects."""
        self.socket: socket.socket | None = None
        self.asked: Ask | None = None
        self.queue: deque[Ask] = deque()
        self.buffer, self.ready = b"", False


class Wire:
    """All connections to one server."""

    def __init__(self, port: int) -> None:
        """Aim at a server of this machine."""
        self.port, self.seen, self.out = port, Seen(), 0
        self._epoll = select.epoll()
        self._open: dict[int, Connection] = {}

    def ask(self, connection: Connection, ask: Ask) -> None:
        """Send a request, at once or when the connection is free."""
        self.out += 1
        if connection.asked is not None:
            connection.queue.append(ask)
        else:
            self._send(connection, ask)

    def _send(self, connection: Connection, ask: Ask) -> None:
        connection.asked = ask
        if connection.socket is None:
            self._connect(connection)
        elif connection.ready:
            self._write(connection)

    def _connect(self, connection: Connection) -> None:
        fresh = socket.socket()
        fresh.setblocking(False)
        fresh.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.socket, connection.ready, connection.buffer = fresh, False, b""
        self._open[fresh.fileno()] = connection
        if fresh.connect_ex(("127.0.0.1", self.port)) not in (0, errno.EINPROGRESS):
            self._lose(connection)
            return
        self._epoll.register(fresh.fileno(), select.EPOLLOUT)

    def _write(self, connection: Connection) -> None:
        assert connection.socket is not None
        assert connection.asked is not None
        wanted = connection.asked[2]()
        try:
            sent = connection.socket.send(wanted)
        except OSError:
            self._lose(connection)
            return
        if sent < len(wanted):
            raise RuntimeError("a request is larger than a socket's buffer")

    def listen(self, seconds: float) -> None:
        """Take in whatever arrives within some time; returns early once something did."""
        for number, what in self._epoll.poll(max(0.0, seconds), 512):
            connection = self._open.get(number)
            if connection is None:
                continue
            if not connection.ready and what & select.EPOLLOUT and not what & select.EPOLLERR:
                connection.ready = True
                self._epoll.modify(number, select.EPOLLIN)
                self._write(connection)
            else:
                self._read(connection)

    def _read(self, connection: Connection) -> None:
        assert connection.socket is not None
        try:
            arrived = connection.socket.recv(262_144)
        except BlockingIOError:
            return
        except OSError:
            arrived = b""
        if not arrived:
            self._lose(connection)
            return
        whole = connection.buffer + arrived if connection.buffer else arrived
        head = whole.find(b"\r\n\r\n")
        if head < 0 or len(whole) < head + 4 + _length(whole, head):
            connection.buffer = whole
            return
        connection.buffer = b""
        self._answered(connection, int(whole[9:12]), whole[head + 4 :])

    def _answered(self, connection: Connection, status: int, body: bytes) -> None:
        kind, scheduled, _make, learn = connection.asked or ("unasked", 0.0, bytes, None)
        self.out -= 1
        self.seen.note(kind, status, time.perf_counter() - scheduled)
        connection.asked = None
        if learn is not None and status in (200, 204):
            learn(body)
        if connection.asked is None and connection.queue:
            self._send(connection, connection.queue.popleft())

    def _lose(self, connection: Connection) -> None:
        """The server cut the connection: what was out is unanswered, what waits goes over a new one."""
        lost = self._close(connection)
        if lost is not None:
            self.out -= 1
            self.seen.note(lost[0], NO_ANSWER, 0.0)
        if connection.queue:
            self._send(connection, connection.queue.popleft())

    def _close(self, connection: Connection) -> Ask | None:
        if connection.socket is not None:
            self._open.pop(connection.socket.fileno(), None)
            connection.socket.close()
        lost, connection.socket, connection.asked = connection.asked, None, None
        return lost

    def give_up(self) -> None:
        """Count whatever is still out as unanswered, and close those connections."""
        for connection in list(self._open.values()):
            for ask in (self._close(connection) if connection.asked else None, *connection.queue):
                if ask is not None:
                    self.seen.note(ask[0], NO_ANSWER, 0.0)
            connection.queue.clear()
        self.out = 0

    def close(self) -> None:
        """Close every connection."""
        self.give_up()
        for connection in list(self._open.values()):
            self._close(connection)

    def end(self) -> None:
        """Close everything for good."""
        self.close()
        self._epoll.close()

    def run(self, arrivals: Iterable[tuple[float, Callable[[float], None]]], patience: float) -> None:
        """Begin each arrival at its moment and wait for all answers, at most ``patience`` seconds after the last."""
        coming = iter(arrivals)
        following, until = next(coming, None), time.perf_counter() + patience
        while following is not None or self.out:
            now = time.perf_counter()
            while following is not None and following[0] <= now:
                following[1](following[0])
                following, until = next(coming, None), now + patience
            if following is None and now > until:
                self.give_up()
            elif self.out or following is not None:
                self.listen((following[0] if following is not None else until) - now)


def _length(whole: bytes, head: int) -> int:
    """Read how long a body is; an answer without a word about it has none."""
    at = whole.find(b"ontent-", 0, head)
    while at >= 0:
        if whole[at + 7 : at + 14].lower() == b"length:":
            return int(whole[at + 14 : whole.index(b"\r\n", at)])
        at = whole.find(b"ontent-", at + 7, head)
    return 0
