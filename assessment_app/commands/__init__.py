"""The command line ``proasn``: start, prepare and check an installation."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click
from sqlalchemy.exc import OperationalError

from assessment_app.platform import db, garbage
from assessment_app.platform.db import StoreError
from assessment_app.platform.errors import Refusal
from assessment_app.platform.lifeline import EXIT_CANNOT_START
from assessment_app.platform.settings import SettingsError

COMMANDS = {
    "run": "run:run", "run-server": "server.command:run_server",
    "migrate": "store:migrate", "roles": "store:roles", "account": "accounts:account",
    "agency": "accounts:agency", "audit": "audit:audit", "bank": "bank:bank", "irt": "psychometrics.irt:irt",
    "ctt": "psychometrics.classical:ctt", "dif": "psychometrics.fairness:dif",
    "similarity": "psychometrics.fairness:similarity", "nine-box": "psychometrics.placing:nine_box",
    "seal": "sealing:seal", "verify": "sealing:verify",
    "rules": "rule_sets:rules", "recompute": "recompute:recompute",
    "archive": "archive:archive", "backup": "backups.command:backup", "restore": "backups.command:restore",
    "invent": "invent:invent", "rescore": "rescore:rescore", "rehearse": "rehearse:rehearse",
}  # fmt: skip
"""Where each command is: module and name."""


class OnDemand(click.Group):
    """Loads the module of a command when somebody asks for it: one is there in half the time that all of them take."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command by its name."""
        module, _, name = COMMANDS.get(cmd_name, "").partition(":")
        found: click.Command | None = getattr(import_module(f"{__name__}.{module}"), name) if name else None
        return found


@click.group(cls=OnDemand)
@click.version_option(package_name="pro-asn")
def group() -> None:
    """Pro ASN assessment platform."""


def main() -> None:
    """Run the command line; what a person can mend is one line and exit code 2."""
    os.umask(0o077)  # what we write is nobody else's to read, in a folder that is open to others too
    try:
        group()
    except (SettingsError, StoreError, Refusal) as error:
        click.echo(f"proasn: {error}", err=True)
        sys.exit(EXIT_CANNOT_START)
    except OperationalError as error:
        reason = str(error.orig).partition("\n")[0]
        click.echo(f"proasn: A store does not answer ({reason}). Nothing was written; try again.", err=True)
        sys.exit(EXIT_CANNOT_START)
    finally:
        db.disconnect()
        garbage.ending()
