"""Where a rule set stands among the others: in force, to come, or overtaken. Pure."""

from __future__ import annotations

from datetime import datetime

from assessment_app.rule_sets.rules.life import State

IN_FORCE, COMING, OVERTAKEN = "in_force", "coming", "overtaken"


def standing(state: State, effective: datetime, is_in_force: bool, now: datetime) -> str:
    """Tell what an agency's own rule set means now: its state, and of an approved one whether it decides."""
    if state is not State.APPROVED:
        return state.value
    if is_in_force:
        return IN_FORCE
    return COMING if effective > now else OVERTAKEN
