"""The processes of a benchmark: stores with people in them, the servers over them, and the generator before them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.request import urlopen

import click

from assessment_app.commands.rehearse.processes import (
    Books,
    cpu_of_family,
    family_of,
    kill_for_certain,
    others_cpu,
)
from benchmarks.installations import ROOT, Store, ran
from tests.journeys.platform import end, free_ports, wait_until

EXAM = "assessment_app.servers.exam"

Told = dict


def filled(people: int) -> Callable[[Store], Store]:
    """Give what makes an installation and seats people in it."""

    def fill(store: Store) -> Store:
        store.people = json.loads(ran(store, "benchmarks.exam.seats", str(people)))
        return store

    return fill


@dataclass
class Server:
    """A server that was started, and whose CPU is whose."""

    port: int
    process: subprocess.Popen
    store: Store

    def books(self) -> Books:
        """Say how the CPU of server and database is read."""
        return {"server": lambda: cpu_of_family(self.process.pid), **self.store.books()}

    def kill(self) -> None:
        """Kill it and all of its family at once, without a word."""
        kill_for_certain(family_of(self.process.pid))
        self.process.wait()


@contextmanager
def server(store: Store, *program: str) -> Iterator[Server]:
    """Run a server over a store: the exam server, or one of ``servers`` by its name."""
    (port,) = free_ports(1)
    words = ["benchmarks.exam.servers", *program] if program else [EXAM]
    with (store.folder / f"{program[0] if program else 'exam'}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=ROOT, env=store.environment(port), stdout=log, stderr=log
        )
    try:
        wait_until("the server to answer", 30, lambda: answers(port))
        yield Server(port, process, store)
    finally:
        end(process)


def answers(port: int) -> bool:
    """Tell whether a server answers at all."""
    try:
        urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
    except HTTPError:
        return True
    except OSError:
        return False
    return True


class Generator:
    """The generator's process: each call is one command to it."""

    def __init__(self) -> None:
        """Start it."""
        command = [sys.executable, "-m", "benchmarks.exam.generator"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def begin(self, do: str, **wanted: object) -> None:
        """Give a command without waiting for what comes of it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **wanted}) + "\n")
        self._process.stdin.flush()

    def told(self) -> Told:
        """Wait for what came of a command."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the generator ended")
        told: Told = json.loads(line)
        return told

    def do(self, do: str, **wanted: object) -> Told:
        """Give a command and wait for what comes of it."""
        self.begin(do, **wanted)
        return self.told()

    def close(self) -> None:
        """End it."""
        with self._process:  # closes what was written to and read from, and waits
            pass

    def measured(self, books: Books, do: str, **wanted: object) -> Told:
        """Play a phase; gives what was seen with the CPU of each process, in microseconds a request.

        ``beside`` is what everything else on the machine used, in cores.
        """
        before, all_before, begun = {name: read() for name, read in books.items()}, others_cpu(), time.monotonic()
        told = self.do(do, **wanted)
        used = {name: read() - before[name] for name, read in books.items()}
        used["generator"] = told.pop("generator_cpu_s")
        beside = others_cpu() - all_before - sum(used.values())
        told["cpu_us"] = {name: round(1e6 * seconds / max(1, told["requests"]), 1) for name, seconds in used.items()}
        told["cpu_us"]["served"] = round(sum(us for name, us in told["cpu_us"].items() if name != "generator"), 1)
        click.echo(f"{do} {wanted}: {told['requests']} answers, p99 {told['p99_ms']} ms, bad {told['bad']}", err=True)
        told["beside_cores"] = round(max(0.0, beside) / (time.monotonic() - begun), 2)
        return told


@contextmanager
def generator(people: list[list[str]]) -> Iterator[Generator]:
    """Run a generator that knows these people."""
    made = Generator()
    try:
        made.do("meet", people=people)
        yield made
    finally:
        made.close()
