"""Processes of this machine: what they used, from the kernel's own books, and what can be done to them."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")

Books = Mapping[str, Callable[[], float]]
"""Who is watched, and how the CPU seconds of each are read."""


def cpu_of_family(pid: int) -> float:
    """Sum user and system seconds of a process, all its living descendants, and those it waited for."""
    return sum(own_cpu(one) for one in (pid, *descendants(pid)))


def own_cpu(pid: int) -> float:
    """Sum user and system seconds of one process, and of those it waited for."""
    return sum(map(int, _state(pid)[11:15])) / TICK


def children(pid: int) -> list[int]:
    """List the children of every thread of a process."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except OSError:
            continue  # that thread ended meanwhile
    return found


def descendants(pid: int) -> list[int]:
    """List all living descendants of a process."""
    return [one for child in children(pid) for one in (child, *descendants(child))]


def _state(pid: int) -> list[str]:
    """Read what /proc/<pid>/stat says behind the name; nothing for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def others_cpu() -> float:
    """Sum the CPU seconds of the whole machine, to tell what ran beside."""
    words = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    idle = int(words[3]) + int(words[4])
    return (sum(map(int, words[:8])) - idle) / TICK


def memory_of_family(pid: int) -> int:
    """Sum the bytes that a process and its descendants hold, what several share counted once."""
    held = 0
    for one in (pid, *descendants(pid)):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue  # it ended meanwhile
        held += sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return held


def family_of(pid: int) -> list[int]:
    """List a process, if it lives, and all its living descendants."""
    return [pid, *descendants(pid)] if lives(pid) else []


def lives(pid: int) -> bool:
    """Tell whether a process does anything; one that only waits for its parent to notice its end does not."""
    return _state(pid)[:1] not in ([], ["Z"])


def tell(pids: Sequence[int], number: signal.Signals) -> None:
    """Send a signal to whichever of the processes still lives."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def kill_for_certain(pids: Sequence[int], patience_s: float = 10.0) -> None:
    """Kill processes, as a power cut or the kernel does, and wait until none of them does anything any more."""
    tell(pids, signal.SIGKILL)
    until = time.monotonic() + patience_s
    while any(lives(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.005)


def limit_files(pids: Sequence[int], most_bytes: int = resource.RLIM_INFINITY) -> bool:
    """Let no file of these processes grow beyond so many bytes: the same errors as on a full disk.

    Tells whether that could be done to any of them: those of another user are out of reach.
    """
    reached = 0
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))
            reached += 1
    return reached > 0
