"""From items in the vault to published forms: assemble, publish as a second person, withdraw."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from uuid import UUID

import click

from assessment_app.authoring.actions import forms as actions
from assessment_app.authoring.actions.forms import CannotAssemble
from assessment_app.authoring.messages.asked import MOST_FORMS, MOST_PERSONS, NewAssembly, Reason, rehearsal_of
from assessment_app.commands.accounts import operator
from assessment_app.commands.store import open_stores
from assessment_app.platform import clock
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.errors import Invalid
from assessment_app.platform.security import secret
from item_bank import assembly, blueprints
from item_bank.blueprints import FormBlueprint
from item_bank.drafts import DraftRefused
from item_bank.signing import Signer


@click.command()
@click.argument("blueprint")
@click.option("--forms", type=click.IntRange(1, MOST_FORMS), default=2, show_default=True)
@click.option("--persons", type=click.IntRange(0, MOST_PERSONS), default=0, help="one form on the fly for each")
@click.option("--seed", type=int, default=0, help="of forms on the fly")
@click.option("--rehearsal", is_flag=True, help="for waves of the purpose gladi, whose scores never become results")
@click.option("--calibration", default="", help="whose parameters; without, those that authors assumed")
def assemble(blueprint: str, forms: int, persons: int, seed: int, rehearsal: bool, calibration: str) -> None:
    """Assemble forms by a BLUEPRINT, the code of one that comes along or a file, and propose them."""
    open_stores(VAULT)
    found = _blueprint(blueprint)
    wanted = NewAssembly(rehearsal_of(found) if rehearsal else found, calibration, forms, persons, seed)
    with transaction(VAULT) as db:
        pool = actions.open_pool(db, wanted, operator(), clock.now())
    try:
        made = actions.assemble(pool, wanted)
        with transaction(VAULT) as db:
            proposal_ids = actions.propose_forms(db, wanted, pool, made, operator(), clock.now())
    except CannotAssemble as refused:
        raise Invalid("\n".join([refused.detail, *refused.demands])) from refused
    told = [
        {"proposal": str(one), "code": form.code, "items": len(form.versions), "words": form.words,
         "information": form.information}
        for one, form in zip(proposal_ids, made.forms, strict=True)
    ]  # fmt: skip
    largest = assembly.largest_difference(made) if not persons else None
    click.echo(json.dumps({"forms": told, "largest_difference": largest, "proven": made.is_proven}, indent=1))


def _blueprint(name: str) -> FormBlueprint:
    known = {one.code: one for one in blueprints.samples()}
    if name in known:
        return known[name]
    file = Path(name)
    if not file.is_file():
        raise Invalid(f"There is no blueprint '{name}'; these come along: {', '.join(sorted(known))}. Or name a file.")
    try:
        return blueprints.parse(file.read_bytes(), file.name)
    except DraftRefused as error:
        raise Invalid(str(error)) from error


@click.command()
@click.argument("proposal", type=click.UUID)
def publish(proposal: UUID) -> None:
    """Publish a PROPOSAL that somebody else made."""
    open_stores(VAULT)
    signer = Signer(secret("form-signature"))
    with transaction(VAULT) as db:
        published = actions.approve(db, proposal, operator(), secrets.token_bytes(32), signer, clock.now())
    click.echo(published.form_id)


@click.command()
@click.argument("form_id")
@click.option("--reason", required=True)
def withdraw(form_id: str, reason: str) -> None:
    """Withdraw a published form: nobody begins it any more, who is at it may finish."""
    open_stores(VAULT)
    with transaction(VAULT) as db:
        is_new = actions.withdraw(db, form_id, Reason.parse({"alasan": reason}), operator(), clock.now())
    click.echo("withdrawn" if is_new else "it was withdrawn before")
