"""The command line ``proasn``: start, prepare and check an installation."""

from __future__ import annotations

import os
import sys

import click
from sqlalchemy.exc import OperationalError

from assessment_app.commands import accounts, audit, bank, psychometrics, run, store
from assessment_app.platform.db import StoreError
from assessment_app.platform.errors import Refusal
from assessment_app.platform.lifeline import EXIT_CANNOT_START
from assessment_app.platform.settings import SettingsError


@click.group()
@click.version_option(package_name="pro-asn")
def group() -> None:
    """Pro ASN assessment platform."""


PLATFORM = (run.run, store.migrate, store.roles, accounts.account, accounts.agency, audit.audit, bank.bank)

for part in (*PLATFORM, *psychometrics.PARTS):
    group.add_command(part)


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
