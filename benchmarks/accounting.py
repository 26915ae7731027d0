"""What processes used of the machine, from the kernel's own books."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")

Books = Mapping[str, Callable[[], float]]
"""Who is watched, and how the CPU seconds of each are read."""


def cpu_of_family(pid: int) -> float:
    """Sum user and system seconds of a process, all its living descendants, and those it waited for."""
    own = _numbers(pid)
    return 0.0 if own is None else sum(own[11:15]) / TICK + sum(cpu_of_family(child) for child in children(pid))


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


def _numbers(pid: int) -> list[int] | None:
    """Read the numbers behind the name and state in /proc/<pid>/stat; nothing for a process that is gone."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return [0, *map(int, words[1:])]


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
