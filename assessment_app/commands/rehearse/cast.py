"""The cast of a rehearsal: what each invented person can truly do, and what that makes them do on the day.

Reads keys and item parameters, so only this command's own process may import it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from sqlalchemy.orm import Session

from assessment_app.commands.rehearse.conductor import Role
from assessment_app.rehearsal.messages import Seated, Staged
from assessment_app.rehearsal.participants.behaviour import Planned
from assessment_app.rehearsal.participants.person import Booked
from assessment_app.rehearsal.rules import habits, population
from assessment_app.rehearsal.rules.answering import Answered, answered
from assessment_app.rehearsal.rules.habits import Day
from assessment_app.rehearsal.rules.population import Population
from assessment_app.scheduling.models import Wave
from item_bank.item_keys import Ranked
from item_bank.keys import Key, key_of
from item_bank.presentation import FormGuide, parse


@dataclass(frozen=True)
class Paper:
    """What must be known of one part: its key, items in the order in which they are shown; what fits them; its time."""

    key: Key
    guide: FormGuide
    limit_s: float

    def fits(self, item: str, answer: object) -> bool:
        """Tell whether an item can be answered so on the screen."""
        return self.guide.check(item, answer) is None

    @property
    def blank_is_wrong(self) -> bool:
        """Whether some scale counts what was left blank as wrong."""
        recipe = self.key.recipe
        return any((scale.missing or recipe.missing) == "wrong" for scale in recipe.scales)


Papers = Mapping[int, Paper]
"""By part."""


@dataclass(frozen=True)
class Cast:
    """Everybody with a seat, in one order: who they are, what is true of them, and their day."""

    seated: Sequence[Seated]
    truth: Population
    days: Sequence[Day]
    forms: Mapping[int, Sequence[Answered]]

    def slots(self, speed: float) -> list[list[Role]]:
        """Give the roles of who comes, by time slot."""
        found: list[list[Role]] = [[] for _ in range(1 + max(one.slot for one in self.seated))]
        for one, day in zip(self.seated, self.days, strict=True):
            if day.comes:
                steps = sum(map(len, day.moves.values()))
                mind = Planned(day, self.forms, speed)
                found[one.slot].append(Role(Booked(one.nip, one.pin, one.room), mind, day.after / speed, steps))
        return found


def papers_of(db: Session, vault: Session, staged: Staged) -> Papers:
    """Read the keys of a wave's battery."""
    found = {}
    for part in db.get_one(Wave, staged.wave_id).battery:
        key = key_of(vault, part.form.key_seal)
        words = parse(part.form.presentation)
        place = {item.id: number for number, item in enumerate(words.items)}
        in_order = tuple(sorted(key.items, key=lambda item: place[item.id]))
        whole = msgspec.structs.replace(key, items=in_order)
        found[part.n] = Paper(whole, FormGuide(words), part.time_limit_ms / 1000)
    return found


def cast(staged: Staged, papers: Papers, seed: int) -> Cast:
    """Draw everybody's true values and day."""
    chance = np.random.default_rng([seed, len(staged.seated)])
    every = [item for paper in papers.values() for item in paper.key.items]
    paths = {name for item in every if isinstance(item, Ranked) for name in item.constructs}
    constructs = {name for item in every for name in item.constructs} - paths
    levels = [one.job_level for one in staged.seated]
    truth = population.drawn(levels, sorted(constructs), sorted(paths), chance)
    days, forms = habits.begun(truth, chance), {}
    for n, paper in papers.items():
        forms[n] = answered(paper.key.items, truth, chance, paper.fits)
        habits.fill(days, n, forms[n], paper.limit_s, truth, chance, blank_is_wrong=paper.blank_is_wrong)
    return Cast(staged.seated, truth, days, forms)
