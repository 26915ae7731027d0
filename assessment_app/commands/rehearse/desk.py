"""What is done at the office while a rehearsal is played, and after it: until everything is sealed and placed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from random import Random

from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from assessment_app.platform import clock
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.queue import Duty
from assessment_app.proctoring import actions as proctoring
from assessment_app.rehearsal import actions, queries
from assessment_app.rehearsal.messages import Staged

FORGETS = 0.3
"""How often the gate beside the answers is not told of a released seat, as if the office server died in between."""


@dataclass
class Desk:
    """Proctor and planner of a rehearsed wave. ``hurries`` where the worker serves nobody else."""

    staged: Staged
    chance: Random
    hurries: bool = True

    async def release(self, nip: str) -> None:
        """Free a sitting from its computer, as often as it takes."""
        forgets = self.chance.random() < FORGETS
        while not await asyncio.to_thread(self._released, nip, forgets=forgets):
            await asyncio.sleep(0.2)

    def _released(self, nip: str, *, forgets: bool) -> bool:
        try:
            with transaction() as db:
                touched = actions.release(db, self.staged, nip, clock.now())
            if touched is not None and not forgets:
                with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
                    proctoring.mirror(answers, db, touched)
        except SQLAlchemyError:
            return False
        return True

    def close(self) -> None:
        """Seal what was left open, and let every session be over."""
        with transaction(reads_only=True) as db:
            left = queries.open_attempts(db, self.staged.wave_id)
        for one in left:
            with transaction(ANSWERS) as answers, transaction() as db:
                actions.close_attempt(answers, db, one, clock.now())
        with transaction() as db:
            actions.end_sessions(db, self.staged.agency_id, clock.now())

    def settle(self, patience_s: float) -> None:
        """Wait until workers have nothing left to do for the wave, or until patience ends."""
        until = clock.ticks() + patience_s
        while self._work_left() and clock.ticks() < until:
            time.sleep(0.3)

    def _work_left(self) -> int:
        try:
            if self.hurries:
                with transaction() as db:  # nobody has to wait for the sweep's next round
                    db.execute(update(Duty).where(Duty.name == "seal_sessions").values(due=clock.now()))
            with transaction(reads_only=True) as db:
                return queries.work_left(db, self.staged.wave_id, clock.now())
        except SQLAlchemyError:
            return 1
