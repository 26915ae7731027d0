"""The load: a process of its own that is told what to play, one JSON line a phase, and answers with what it saw.

Run by ``driving.Generator``. It knows two thousand participants by name and what each has sent, across restarts of the
server that it plays against.
"""

from __future__ import annotations

import gc
import gzip
import json
import random
import socket
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import cycle

from benchmarks.exam.people import Participant, said_of
from benchmarks.exam.wire import Seen, Wire

PATIENCE_S = 20.0
"""After the last arrival of a phase; what is not answered by then never is."""

Told = dict[str, object]
Arrival = tuple[float, Callable[[float], None]]


class Play:
    """Everything that can be asked of the generator."""

    def __init__(self) -> None:
        """Know nobody yet."""
        self.wire = Wire(0)
        self.people: list[Participant] = []
        self.chance = random.Random(20261123)
        self.stalled: list[socket.socket] = []

    def meet(self, people: list[list[str]]) -> Told:
        """Learn who there is: NIP and PIN of each."""
        self.people = [Participant(nip, pin, self.wire) for nip, pin in people]
        return {"people": len(self.people)}

    def face(self, port: int) -> Told:
        """Turn to a server; connections to the one before are closed."""
        self.wire.close()
        self.wire.port = port
        return {}

    @property
    def at_work(self) -> list[Participant]:
        """Those whose part was started: in a storm that a server does not bear some are refused."""
        return [one for one in self.people if one.content]

    def catch_up(self, seconds: float) -> Told:
        """Let whom a storm kept out come in after it, so that what follows has everybody."""
        late = [one for one in self.people if not one.content]
        script = ["sign-in", "consent", "start 1"]
        return self._played(
            lambda begun: ((begun + seconds * n / len(late), partial(one.play, script)) for n, one in enumerate(late))
        )

    def prepare(self) -> Told:
        """Fetch each form's content once and make the answers to its items, before anything is measured."""
        for one in self.people:
            if one.content and one.content not in Participant.FORMS:
                wanted = urllib.request.Request(f"http://127.0.0.1:{self.wire.port}{one.content}")
                wanted.add_header("Authorization", f"Bearer {one.token}")
                wanted.add_header("Accept-Encoding", "gzip")
                with urllib.request.urlopen(wanted, timeout=10) as answer:
                    Participant.FORMS[one.content] = said_of(gzip.decompress(answer.read()))
        return {"at_work": len(self.at_work)}

    def once(self, script: list[str], seconds: float, people: int = 0) -> Told:
        """Let everybody, or some, begin one script at a random moment within some seconds."""
        chosen = self.people[: people or None]
        moments = sorted(self.chance.uniform(0.0, seconds) for _ in chosen)
        order = self.chance.sample(chosen, len(chosen))
        return self._played(
            lambda begun: ((begun + at, partial(one.play, script)) for at, one in zip(moments, order, strict=True))
        )

    def steady(self, rate: float, seconds: float, people: int = 0, patience: float = PATIENCE_S) -> Told:
        """Let saves come by chance at a rate (Poisson), from each participant in turn."""
        turn = cycle(self.at_work[: people or None])

        def arrivals(begun: float) -> Iterator[Arrival]:
            at = begun
            while (at := at + self.chance.expovariate(rate)) < begun + seconds:
                yield at, next(turn).save

        return self._played(arrivals, patience)

    def closed(self, script: list[str], connections: int, seconds: float) -> Told:
        """Let some participants begin a script again and again, each as soon as it was answered (full load)."""
        chosen = self.at_work[:connections]

        def arrivals(begun: float) -> Iterator[Arrival]:
            for one in chosen:
                yield begun, partial(_again, one, script, begun + seconds)

        return self._played(arrivals)

    def stall(self, count: int, paths: list[str]) -> Told:
        """Open uploads that stop in mid-body and stay so, to each path in turn; 0 ends them."""
        while self.stalled:
            self.stalled.pop().close()
        for number in range(count):
            upload = socket.create_connection(("127.0.0.1", self.wire.port), timeout=10)
            path = paths[number % len(paths)].encode()
            upload.sendall(b"POST %s HTTP/1.1\r\nHost: exam\r\nContent-Length: 400\r\n\r\n{" % path)
            self.stalled.append(upload)
        return {"stalled": count}

    def acknowledged(self) -> Told:
        """Tell which changes of each sitting were acknowledged since this was asked last."""
        told = {one.sitting: one.kept for one in self.people if one.kept}
        for one in self.people:
            one.kept = []
        return {"acked": told}

    def _played(self, arrivals: Callable[[float], Iterable[Arrival]], patience: float = PATIENCE_S) -> Told:
        self.wire.seen = Seen()
        used, begun = time.process_time(), time.perf_counter()
        self.wire.run(arrivals(begun), patience)
        seconds, used = time.perf_counter() - begun, time.process_time() - used
        return self.wire.seen.told(seconds) | {"generator_cpu_s": round(used, 4)}


def _again(one: Participant, script: list[str], until: float, now: float) -> None:
    if now < until:
        one.play(script, now, partial(_again, one, script, until))


def main() -> None:
    """Do what each line asks; end with the input."""
    gc.disable()  # nothing here makes cycles, and a collection among 2,000 connections would look like a slow server
    play = Play()
    for line in sys.stdin:
        wanted = json.loads(line)
        told = getattr(play, wanted.pop("do"))(**wanted)
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
