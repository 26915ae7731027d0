"""The posts to be filled: all of them with their gaps, a new one, one with its candidates, and closing it."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessment_app.accounts.routes import officer, own_agency
from assessment_app.people.rules import JobLevel
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.rule_sets.messages import SOURCE_MARKS
from assessment_app.succession.actions import posts as actions
from assessment_app.succession.actions.posts import Taken
from assessment_app.succession.messages import forms, words
from assessment_app.succession.messages.forms import NewPost
from assessment_app.succession.queries import page
from assessment_app.succession.queries import posts as queries
from assessment_app.succession.queries.page import View
from assessment_app.succession.queries.posts import Line
from assessment_app.succession.routes.blueprint import acting, bp, may_decide, may_propose
from assessment_app.succession.rules.screening import RULE_OF, overall

PAGE = 25
PRINTED = 1000
"""Candidates that a printed page lists; who needs more takes the file."""


@bp.get("")
def listed() -> ResponseReturnValue:
    """List the posts to be filled with their candidates, and where nobody is ready."""
    text, gaps = forms.line(request.args.get("cari", ""))[:100], request.args.get("celah") == "1"
    with transaction(reads_only=True) as db:
        lines = queries.lines(db, own_agency(), clock.now())
        closed = queries.closed_posts(db, own_agency())
    shown = [one for one in lines if _holds(one, text) and (one.is_gap or not gaps)]
    number = _page(len(shown))
    return render_template(
        "succession/list.html", lines=shown[(number - 1) * PAGE : number * PAGE], total=len(shown), page=number,
        size=PAGE, text=text, gaps=gaps, every=lines, closed=closed, words=words, levels=JobLevel,
        may_propose=may_propose(),
        kept={name: value for name, value in (("cari", text), ("celah", "1" if gaps else "")) if value},
    )  # fmt: skip


def _holds(line: Line, text: str) -> bool:
    return text.casefold() in f"{line.target.post} {line.target.unit}".casefold()


def _page(total: int) -> int:
    return min(max(request.args.get("halaman", 1, type=int), 1), max(-(-total // PAGE), 1))


@acting.get("/jabatan-baru")
def ask_post() -> ResponseReturnValue:
    """Ask for a post to be filled; the people of an unfinished proposal go along."""
    return _ask_post(NewPost(uuid4(), "", "", "", "agency", {}))


@acting.post("/jabatan-baru")
def add_post() -> ResponseReturnValue:
    """Name a post to be filled."""
    wanted = NewPost.parse(request.form)
    if wanted.faults or wanted.post_id is None:
        return _ask_post(wanted), 422
    try:
        with transaction() as db:
            target = actions.add(db, officer(), current_user.account_id, wanted, wanted.post_id, clock.now())
    except Taken as refused:  # what was typed must not be lost
        return _ask_post(wanted, _(refused.title)), refused.status
    flash(_("Jabatan sasaran ditambahkan."), "ok")
    people = forms.sittings_of(request.form.getlist("orang"))
    if people:
        return redirect(url_for("succession.acts.ask_proposals", jabatan=target.post_id, orang=people), 303)
    return redirect(url_for("succession.post", post_id=target.post_id), 303)


def _ask_post(wanted: NewPost, error: str = "") -> str:
    with transaction(reads_only=True) as db:
        names, units = queries.suggestions(db, own_agency())
    return render_template(
        "succession/new_post.html", wanted=wanted, error=error, names=names, units=units, levels=forms.levels(),
        pools=[(code, _(name)) for code, name in words.POOL_NAMES.items()], new_id=wanted.post_id or uuid4(),
        people=forms.sittings_of(request.values.getlist("orang")),
    )  # fmt: skip


@bp.get("/<uuid:post_id>")
def post(post_id: UUID) -> ResponseReturnValue:
    """Show a post with its candidates in their order."""
    return _post(post_id)


@bp.get("/<uuid:post_id>/cetak")
def printed(post_id: UUID) -> ResponseReturnValue:
    """Show the same for paper."""
    view = view_of(post_id)
    return render_template(
        "succession/print.html", now=clock.now(), view=view, people=view.people[:PRINTED], **_words()
    )  # fmt: skip


@acting.post("/<uuid:post_id>/tutup")
def close(post_id: UUID) -> ResponseReturnValue:
    """Plan for a post no more."""
    reason, fault = forms.reason_of(request.form)
    if fault:
        return _post(post_id, reason, fault), 422
    with transaction() as db:
        actions.close(db, officer(), current_user.account_id, post_id, reason, clock.now())
    flash(_("Jabatan sasaran ditutup. Catatannya tetap dapat dibaca."), "ok")
    return redirect(url_for("succession.post", post_id=post_id), 303)


def _post(post_id: UUID, reason: str = "", fault: str = "") -> str:
    view = view_of(post_id)
    number = _page(len(view.people))
    return render_template(
        "succession/post.html", view=view, people=view.people[(number - 1) * PAGE : number * PAGE], page=number,
        size=PAGE, reason=reason, fault=fault, may_decide=may_decide(), may_propose=may_propose(), **_words(),
    )  # fmt: skip


def view_of(post_id: UUID) -> View:
    """Collect all that a page or a file says of a post of the reader's agency."""
    with transaction(reads_only=True) as db:
        return page.view(db, own_agency(), post_id, clock.now())


def _words() -> dict[str, object]:
    """Give the words that the pages of a post need."""
    return {"words": words, "overall": overall, "rule_of": RULE_OF, "source_marks": SOURCE_MARKS}
