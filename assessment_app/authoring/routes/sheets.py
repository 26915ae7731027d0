"""Pages that take items in from a sheet; part of the pages of items."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import only
from assessment_app.authoring.actions import life
from assessment_app.authoring.messages.sheet import Fault
from assessment_app.authoring.messages.sheet_columns import template as template_bytes
from assessment_app.authoring.messages.uploads import SheetUpload
from assessment_app.authoring.queries import items
from assessment_app.authoring.routes.people import AUTHORS, by
from assessment_app.platform import clock
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.texts import ngettext
from assessment_app.platform.web import XLSX, download
from item_bank.life import State

SHOWN = 200
"""Faults on the page; whoever mends these sends the sheet again."""

bp = Blueprint("sheets", __name__, url_prefix="/impor")
bp.before_request(only(*AUTHORS))


@bp.get("")
def ask() -> ResponseReturnValue:
    """Ask for a sheet."""
    return _page()


@bp.post("")
def take_in() -> ResponseReturnValue:
    """Keep the items of a sheet as drafts, or none of them and show every fault."""
    upload = SheetUpload.parse(request.files)
    with transaction(VAULT) as db:
        found = upload.read(items.ids(db))
        new = 0 if found.faults else life.take_in_all(db, found.stocks(), upload.name, by(), clock.now())
    if found.faults:
        return _page(upload.name, found.faults), 422
    flash(
        ngettext("%(num)s butir tersimpan sebagai draf.", "%(num)s butir tersimpan sebagai draf.", new, num=new), "ok"
    )
    return redirect(url_for("authoring.listed", keadaan=State.DRAFT.value), 303)


@bp.get("/templat.xlsx")
def template() -> ResponseReturnValue:
    """Give the workbook to fill in."""
    return download(template_bytes(), "templat-butir.xlsx", XLSX)


def _page(name: str = "", faults: tuple[Fault, ...] = ()) -> str:
    return render_template("authoring/sheet.html", name=name, faults=faults[:SHOWN], count=len(faults))
