"""One timer for all that wait."""

from __future__ import annotations

import asyncio

from assessment_app.platform.patience import Patience
from tests.loops import on_a_loop

SECONDS = 0.05


def ended_in_time(when: list[float], ready: list[float]) -> list[bool]:
    """Let things wait from some moments on, each ready after its own time; tells which were ended instead."""

    async def all_of_them() -> list[bool]:
        loop, patience = asyncio.get_running_loop(), Patience(SECONDS)

        async def one(begin: float, takes: float) -> bool:
            await asyncio.sleep(begin)
            waited = loop.create_future()
            loop.call_later(takes, lambda: None if waited.done() else waited.set_result(None))
            patience.begin(waited, loop)
            try:
                await waited
            except asyncio.CancelledError:
                return waited not in patience
            finally:
                patience.end(waited)
            return False

        return await asyncio.gather(*(one(*times) for times in zip(when, ready, strict=True)))

    return on_a_loop(all_of_them())


def test_what_takes_too_long_is_ended_and_what_does_not_is_not():
    assert ended_in_time([0, 0, 0], [0.001, 10, 0.001]) == [False, True, False]


def test_each_has_its_own_time_whoever_began_before():
    assert ended_in_time([0, 0.04, 0.2], [10, 0.03, 10]) == [True, False, True]


def test_a_timer_that_finds_nobody_is_set_again_for_the_next():
    assert ended_in_time([0, 0.1], [0.001, 10]) == [False, True]
