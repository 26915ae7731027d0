"""One search over everything that somebody may open: each slice says what it finds, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from assessment_app.accounts.routes.door import only, store
from assessment_app.accounts.rules import STAFF, Found, Role, may_enter
from assessment_app.platform.db import transaction

MOST = 8
"""Of each kind: a search is for what somebody knows, and lists are for the rest."""

LEAST_LETTERS, MOST_LETTERS = 2, 60

Find = Callable[[Session, str, int], Sequence[Found]]
"""Gives at most so many of one kind that hold a text."""


@dataclass(frozen=True)
class Finder:
    """Who finds things of one kind, and for which roles; the title is the Indonesian text, marked for the catalogue."""

    title: str
    roles: frozenset[Role]
    find: Find
    of_agency: bool
    """Whether it looks among what belongs to one agency."""


bp = Blueprint("search", __name__, template_folder="../templates")
bp.before_request(only(*STAFF))


def finds(blueprint: Blueprint, title: str, roles: Iterable[Role], find: Find, *, of_agency: bool = True) -> None:
    """Let the search of every server that this blueprint is part of find things of one kind."""
    one = Finder(title, frozenset(roles), find, of_agency)
    blueprint.record(lambda state: state.app.extensions.setdefault("finders", []).append(one))


def finders() -> list[Finder]:
    """List who finds something for whoever is signed in."""
    if not current_user.is_authenticated:
        return []
    known: list[Finder] = current_app.extensions.get("finders", [])
    reach = [one for one in known if current_user.agency_id is not None or not one.of_agency]
    return [one for one in reach if may_enter(current_user.roles, one.roles)]


@bp.get("/cari")
def results() -> ResponseReturnValue:
    """Show what holds a text, kind by kind. Nobody finds more than they may open."""
    typed = "".join(sign for sign in request.args.get("q", "") if sign.isprintable())
    text = " ".join(typed.split())[:MOST_LETTERS]
    is_enough = len(text) >= LEAST_LETTERS
    found: list[tuple[str, Sequence[Found]]] = []
    if is_enough:
        with transaction(store(), reads_only=True) as db:
            found = [(one.title, one.find(db, text, MOST + 1)) for one in finders()]
    groups = [(title, things) for title, things in found if things]
    return render_template("accounts/search.html", text=text, is_enough=is_enough, groups=groups, most=MOST)
