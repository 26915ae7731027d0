"""What the answer log knows: what arrived, what is promised, and what did not come as it should."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import BigInteger, bindparam, func, or_, select
from sqlalchemy.orm import Session

from assessment_app.exam.models import AnswerEvent, Gate
from assessment_app.exam.rules import Arrived, Standing, Window, counting_answers, milliseconds
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import show_number


def acked_seq(answers: Session, sitting_id: int) -> int:
    """Give the highest seq of a sitting that is on durable storage because a page sent it.

    What a file brought is left out: it may have come from another device, and a promise of its seq would let the page
    of this one forget changes that were never sent.
    """
    return answers.execute(_ACKED, {"sitting_id": sitting_id}).scalar() or 0


_ACKED = select(func.max(AnswerEvent.seq)).where(
    AnswerEvent.sitting_id == bindparam("sitting_id", type_=BigInteger), AnswerEvent.recovered.is_(False)
)
"""Made once: every heartbeat and every page that is loaded anew asks it."""


def arrived(answers: Session, attempt_id: int) -> Iterable[Arrived]:
    """Read every change of an attempt."""
    one = AnswerEvent
    wanted = select(one.epoch, one.seq, one.item, one.response, one.standing, one.spent_ms, one.recovered)
    for row in answers.execute(wanted.where(one.attempt_id == attempt_id)):
        epoch, seq, item, response, standing, spent_ms, recovered = row
        yield Arrived(epoch, seq, item, msgspec.json.decode(response), standing, spent_ms, recovered)


def said(answers: Session, attempt_id: int) -> dict[str, object]:
    """Give the answers of an attempt that count, by item."""
    return counting_answers(arrived(answers, attempt_id))


@dataclass(frozen=True)
class Unusual:
    """How many changes of an attempt did not come as changes should; one can be counted twice."""

    late: int
    aside: int
    recovered: int

    @property
    def words(self) -> str:
        """Say it for people, as facts: what is none is not named."""
        shown = show_number
        said = {
            _("%(count)s perubahan terlambat, dihitung", count=shown(self.late)): self.late,
            _("%(count)s perubahan disimpan terpisah, tidak dihitung", count=shown(self.aside)): self.aside,
            _("%(count)s perubahan dari berkas yang dimuat pengawas", count=shown(self.recovered)): self.recovered,
        }
        return " · ".join(words for words, count in said.items() if count)


def unusual(answers: Session, attempt_ids: Collection[int]) -> dict[int, Unusual]:
    """Count by attempt the changes that came late, were kept aside, or came by a file; only where there are any."""
    late, aside = (AnswerEvent.standing == one.value for one in (Standing.LATE, Standing.ASIDE))
    counts = [func.count().filter(what) for what in (late, aside, AnswerEvent.recovered)]
    theirs = AnswerEvent.attempt_id.in_(attempt_ids), or_(late, aside, AnswerEvent.recovered)
    rows = answers.execute(select(AnswerEvent.attempt_id, *counts).where(*theirs).group_by(AnswerEvent.attempt_id))
    return {attempt_id: Unusual(*found) for attempt_id, *found in rows}


def gate(answers: Session, attempt_id: int) -> Gate | None:
    """Give an attempt's gate."""
    return answers.get(Gate, attempt_id)


def gate_follows(answers: Session, attempt_id: int, epoch: int, window: Window) -> bool:
    """Tell whether a gate says what is true: nearly always, so that a page that is reloaded writes nothing."""
    found = gate(answers, attempt_id)
    if found is None or window.deadline is None:
        return False
    true = epoch, milliseconds(window.deadline), window.grace_ms, window.finished is not None
    return (found.epoch, found.deadline_ms, found.grace_ms, found.closed) == true
