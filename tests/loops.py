"""Coroutines of tests, run where no other test has a loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Said = TypeVar("Said")


def on_a_loop(
    waiting: Coroutine[Any, Any, Said], loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None
) -> Said:
    """Run a coroutine on a loop and in a thread of its own: a browser of another test may have a loop here."""

    def run() -> Said:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            return runner.run(waiting)

    with ThreadPoolExecutor(1) as apart:
        return apart.submit(run).result()
