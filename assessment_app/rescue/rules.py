"""What becomes of a change that a file brings. Pure; every moment is an argument.

A recovered change keeps the name it was born with, (epoch, seq), and so its place in the order: whatever another device
wrote later stays newer, however late the file is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessment_app.exam.rules import Standing, Window, milliseconds, standing

Place = tuple[int, int]
"""(epoch, seq): what names a change within its sitting, and where it stands in order."""


@dataclass(frozen=True)
class Change:
    """One change as a file brings it; the response is written as the log writes it."""

    n: int
    attempt_id: int
    epoch: int
    seq: int
    item: str
    response: str
    at_ms: int
    spent_ms: int
    fits: bool = True

    @property
    def place(self) -> Place:
        """What names it."""
        return self.epoch, self.seq


@dataclass(frozen=True)
class Kept:
    """One change as the log holds it."""

    attempt_id: int
    item: str
    response: str
    standing: int


@dataclass(frozen=True)
class Limits:
    """Until when changes of an attempt count: its time as the ledger has it, and whether it was closed."""

    window: Window
    closed: bool

    def standing(self, at_ms: int, now_ms: int) -> Standing:
        """Say what a change counts for that was made ``at_ms`` after the start and arrives now.

        It counts as any save does that arrives now, and in a pause as one that arrived when it began. A part that
        nobody started has no time in which anything could have been made.
        """
        deadline, opened = self.window.deadline, self.window.opened
        if deadline is None or opened is None:
            return Standing.ASIDE
        made_ms = milliseconds(opened) + at_ms
        if self.window.paused is not None:
            now_ms = min(now_ms, milliseconds(self.window.paused))
        return standing(now_ms, milliseconds(deadline), self.window.grace_ms, closed=self.closed, made_ms=made_ms)


class Fate(StrEnum):
    """What becomes of a change."""

    KNOWN = "known"  # the server has it already, by the network or from another file
    UNUSABLE = "unusable"  # does not fit its item, or its name stands for something else
    COUNTS = "counts"
    LATE = "late"
    ASIDE = "aside"


BY_STANDING = {Standing.IN_TIME: Fate.COUNTS, Standing.LATE: Fate.LATE, Standing.ASIDE: Fate.ASIDE}


@dataclass(frozen=True)
class Judged:
    """A change, what becomes of it, and whether the server has nothing newer for its item."""

    change: Change
    fate: Fate
    is_newer: bool

    @property
    def is_new(self) -> bool:
        """Whether it has to be written."""
        return self.fate in BY_STANDING.values()

    @property
    def standing(self) -> Standing:
        """What a new one counts for."""
        return next(standing for standing, fate in BY_STANDING.items() if fate is self.fate)


def judge(
    changes: Iterable[Change], log: Mapping[Place, Kept], limits: Mapping[int, Limits], now_ms: int
) -> list[Judged]:
    """Say of each change what becomes of it, in the light of all that the sitting's log holds."""
    newest = _newest(log)
    names, judged = dict(log), []
    for change in changes:
        fate = _fate(change, names.get(change.place), limits[change.attempt_id], now_ms)
        is_newer = change.place > newest.get((change.attempt_id, change.item), (0, 0))
        judged.append(Judged(change, fate, is_newer))
        if judged[-1].is_new:
            names[change.place] = Kept(change.attempt_id, change.item, change.response, judged[-1].standing)
    return judged


def _newest(log: Mapping[Place, Kept]) -> dict[tuple[int, str], Place]:
    """Find for each item the place of the newest change that counts."""
    newest: dict[tuple[int, str], Place] = {}
    for place, kept in log.items():
        if kept.standing < Standing.ASIDE:
            name = kept.attempt_id, kept.item
            newest[name] = max(place, newest.get(name, place))
    return newest


def _fate(change: Change, kept: Kept | None, limits: Limits, now_ms: int) -> Fate:
    if not change.fits:
        return Fate.UNUSABLE
    if kept is None:
        return BY_STANDING[limits.standing(change.at_ms, now_ms)]
    is_same = (kept.attempt_id, kept.item, kept.response) == (change.attempt_id, change.item, change.response)
    return Fate.KNOWN if is_same else Fate.UNUSABLE


@dataclass(frozen=True)
class PartTold:
    """What a file holds for one part, counted."""

    n: int
    title: str
    total: int
    newer: int
    known: int
    unusable: int
    counts: int
    late: int
    aside: int

    @property
    def new(self) -> int:
        """How many have to be written."""
        return self.counts + self.late + self.aside


def tell(judged: Sequence[Judged], titles: Mapping[int, str]) -> list[PartTold]:
    """Count what a file holds, part by part."""
    return [_told(n, titles[n], [one for one in judged if one.change.n == n])
            for n in sorted({one.change.n for one in judged})]  # fmt: skip


def _told(n: int, title: str, judged: Sequence[Judged]) -> PartTold:
    fates = [one.fate for one in judged]
    newer = sum(one.is_new and one.is_newer for one in judged)
    return PartTold(n, title, len(fates), newer, **{fate.value: fates.count(fate) for fate in Fate})
