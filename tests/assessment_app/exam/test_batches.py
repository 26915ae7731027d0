"""What goes into a commit together: saves that come within two milliseconds, and no more than a commit takes."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from assessment_app.exam.answer_log.log import AnswerLog
from tests.assessment_app.exam.saves import Slow, row, save
from tests.loops import on_a_loop


def ready():
    """A log whose writer holds nothing up, and its writer."""
    quick = Slow()
    quick.go.set()
    return AnswerLog(quick, patience_ms=5000), quick


class Standing(asyncio.SelectorEventLoop):
    """A loop whose clock stands until a test moves it, so that no slow machine decides what goes together."""

    now = 100.0

    def time(self):
        return self.now


def test_what_comes_within_two_milliseconds_of_a_commit_goes_with_the_next():
    log, quick = ready()

    async def one_after_another():
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Standing)
        await log.write(save(row(1)))
        waiting = []
        for seq, later in ((2, 0.0), (3, 0.0015)):
            loop.now += later
            waiting.append(asyncio.create_task(log.write(save(row(seq)))))
            for _ in range(3):
                await asyncio.sleep(0)  # turns of the loop: what may be handed over is
            time.sleep(0.02)  # and the writer takes it
        loop.now += 0.001
        await asyncio.gather(*waiting)
        loop.now += 0.002
        await log.write(save(row(4)))

    on_a_loop(one_after_another(), Standing)
    assert quick.commits == [[1], [2, 3], [4]]


def test_more_than_a_commit_takes_goes_into_several():
    log, quick = ready()

    async def crowd():
        await asyncio.gather(*(log.write(save(row(seq))) for seq in range(1, 301)))

    on_a_loop(crowd())
    assert [len(one) for one in quick.commits] == [256, 44]


def test_a_batch_that_its_loop_never_handed_over_takes_no_save_of_the_next_loop():
    log, quick = ready()

    def two_loops():
        stopped = asyncio.new_event_loop()
        left = stopped.create_task(log.write(save(row(1))))
        stopped.call_soon(stopped.stop)
        stopped.run_forever()  # the save is gathered, and no turn comes that hands it over
        asyncio.run(log.write(save(row(2))))
        left.cancel()
        stopped.run_until_complete(asyncio.gather(left, return_exceptions=True))
        stopped.close()

    with ThreadPoolExecutor(1) as apart:
        apart.submit(two_loops).result(5)
    assert quick.commits[0] == [2]
