"""What never changes, read once: known on an event loop at once, which may not wait for a store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Fact = TypeVar("Fact")


class Memory(Generic[Key, Fact]):
    """Facts that never change: read from the store once, in a thread, and then known on the event loop."""

    def __init__(self, read: Callable[[Key], Fact], most: int) -> None:
        """Take how a fact is read, and how many to remember."""
        self._read, self._most = read, most
        self._known: dict[Key, Fact] = {}

    async def get(self, key: Key) -> Fact:
        """Give the fact of this key, on the event loop."""
        known = self._known.get(key)
        return await asyncio.to_thread(self.read, key) if known is None else known

    def read(self, key: Key) -> Fact:
        """Give the fact of this key, in a thread."""
        if key not in self._known:
            found = self._read(key)
            if len(self._known) >= self._most:
                self._known.pop(next(iter(self._known)), None)  # the oldest
            self._known[key] = found
        return self._known[key]

    def cache_clear(self) -> None:
        """Forget everything."""
        self._known.clear()
