"""From a wrong key to a corrected one beside it: proposed by one person, approved by another."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from uuid import UUID

import click

from assessment_app.authoring.actions import corrections as actions
from assessment_app.authoring.messages.asked import Reason
from assessment_app.authoring.messages.corrections import Correction, read_file
from assessment_app.commands.accounts import operator
from assessment_app.commands.store import open_stores
from assessment_app.platform import clock
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.errors import Invalid
from assessment_app.platform.security import secret
from item_bank.signing import Signer


@click.command()
@click.argument("form_id")
@click.option("--item", "item_id", default="", help="of which item another option is the right answer")
@click.option("--right", "option", default="", help="that option")
@click.option(
    "--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="corrected item keys, JSON list"
)
@click.option("--calibration", default="", help="whose parameters the items take")
@click.option("--reason", required=True, help="goes with the results out of the vault: tell no answer")
def correct(form_id: str, item_id: str, option: str, file: Path | None, calibration: str, reason: str) -> None:
    """Propose a corrected key for a published form; the form and its first key stay as they are."""
    if bool(item_id) != bool(option) or not (item_id or file or calibration):
        raise Invalid("Name an item with its right option, a file of item keys, or a calibration.")
    open_stores(VAULT)
    changed = read_file(file.read_bytes()) if file is not None else None
    wanted = Correction(Reason.parse({"alasan": reason}), item_id, option, calibration, changed)
    with transaction(VAULT) as db:
        correction_id = actions.propose(db, form_id, wanted, operator(), secrets.token_bytes(32), clock.now())
    click.echo(correction_id)


@click.command("approve-key")
@click.argument("correction_id", type=click.UUID)
def approve_key(correction_id: UUID) -> None:
    """Approve a corrected key that somebody else proposed."""
    open_stores(VAULT)
    signer = Signer(secret("form-signature"))
    with transaction(VAULT) as db:
        decision = actions.approve(db, correction_id, operator(), signer, clock.now())
    click.echo(json.dumps({"form": decision.form_id, "version": decision.n}))
