"""Numbers beside the entries of the navigation: each slice counts its own, for one agency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, current_app
from flask_login import current_user
from sqlalchemy.orm import Session

from assessment_app.accounts.routes.door import store
from assessment_app.accounts.rules import Entry
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext, show_number

KEPT_S = 10.0
"""So long a number stands before it is counted again: every page draws the navigation.

Of 19,000 people the profiles that wait take 20 ms to count on PostgreSQL and 46 on SQLite; all others less than one.
"""

Count = Callable[[Session, UUID], int]
"""Counts for an agency, in one statement."""


@dataclass(frozen=True)
class Counter:
    """How to count what waits behind an entry; the words are the Indonesian text, marked for the catalogue."""

    words: str
    count: Count


@dataclass(frozen=True)
class Beside:
    """A number as the navigation shows it, and what it says to whoever cannot see beside what it stands."""

    number: int
    words: str


def counts(blueprint: Blueprint, endpoint: str, words: str, count: Count) -> None:
    """Let a number stand beside an entry, wherever the entry is shown; ``words`` say it with ``%(num)s`` in them."""
    one = Counter(words, count)
    blueprint.record(lambda state: state.app.extensions.setdefault("navigation_counters", {}).update({endpoint: one}))


def beside(entry: Entry) -> Beside | None:
    """Give the number beside an entry for the agency of whoever is signed in; none where there is nothing to say."""
    counter: Counter | None = current_app.extensions.get("navigation_counters", {}).get(entry.endpoint)
    if counter is None or current_user.agency_id is None:
        return None
    number = _number(entry.endpoint, counter, current_user.agency_id)
    return Beside(number, gettext(counter.words, num=show_number(number))) if number else None


def _number(endpoint: str, counter: Counter, agency_id: UUID) -> int:
    known: dict[tuple[str, UUID], tuple[float, int]] = current_app.extensions.setdefault("navigation_numbers", {})
    until_s, number = known.get((endpoint, agency_id), (0.0, 0))
    if (now_s := clock.ticks()) >= until_s:
        with transaction(store(), reads_only=True) as db:
            number = counter.count(db, agency_id)
        known[endpoint, agency_id] = now_s + KEPT_S, number
    return number
