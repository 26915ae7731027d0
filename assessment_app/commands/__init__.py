"""The command line ``proasn``: start, prepare and check an installation."""

from __future__ import annotations

import sys

import click

from assessment_app.commands import accounts, audit, run, store
from assessment_app.platform.db import StoreError
from assessment_app.platform.errors import Refusal
from assessment_app.platform.settings import SettingsError

EXIT_REFUSED = 2


@click.group()
@click.version_option(package_name="pro-asn")
def group() -> None:
    """Pro ASN assessment platform."""


for part in (run.run, store.migrate, store.roles, accounts.account, accounts.agency, audit.audit):
    group.add_command(part)


def main() -> None:
    """Run the command line; what a person can mend is one line and exit code 2."""
    try:
        group()
    except (SettingsError, StoreError, Refusal) as error:
        click.echo(f"proasn: {error}", err=True)
        sys.exit(EXIT_REFUSED)
