"""Agencies and staff accounts from the command line: the only place where they begin."""

from __future__ import annotations

import os
import pwd
from datetime import datetime
from uuid import UUID

import click
from sqlalchemy.orm import Session

from assessment_app.accounts import actions, queries
from assessment_app.accounts.models import Agency, StaffAccount
from assessment_app.accounts.rules import STAFF, TIMEZONES, Actor, Role
from assessment_app.commands.store import open_stores
from assessment_app.platform import clock
from assessment_app.platform.db import EXAM, VAULT, StoreName, transaction
from assessment_app.platform.errors import NotFound
from assessment_app.platform.settings import Settings

STORE = click.option(
    "--store", type=click.Choice([EXAM, VAULT]), default=EXAM, show_default=True,
    help="exam: office accounts; vault: item authors and psychometricians",
)  # fmt: skip


MOST_LISTED = 10_000


def operator() -> Actor:
    """Name who sits at this command line, as the audit trail does."""
    # Not by LOGNAME or USER: who approves must be another person than who made, and a variable is soon set.
    user = os.getuid()
    try:
        name = pwd.getpwuid(user).pw_name
    except KeyError:  # a container may run as a number that has no name
        name = str(user)
    return Actor(f"cli:{name}", "command line")


def link_address(chosen: Settings, store: StoreName, token: str) -> str:
    """Write the address at which a password is set."""
    port = chosen.office_port if store == EXAM else chosen.vault_port
    return f"http://{chosen.host}:{port}/kata-sandi?tautan={token}"


def _named(db: Session, sign_in_name: str) -> StaffAccount:
    found = queries.lock_account_named(db, sign_in_name)
    if found is None:
        raise NotFound(f"There is no account '{sign_in_name}'. See: proasn account list")
    return found


def add_agency(db: Session, vault: Session, code: str, name: str, timezone: str, by: Actor, now: datetime) -> Agency:
    """Add an agency to both stores under one identifier, or to the one that it is missing from.

    Two stores do not commit as one: a crash in between leaves one of them behind. Refuses with Conflict when both
    have it.
    """
    here, there = queries.agency_coded(db, code), queries.agency_coded(vault, code)
    if here is None:
        here = actions.create_agency(db, code, name, timezone, by, now, there.agency_id if there else None)
        if there is not None:
            return here
    actions.create_agency(vault, code, name, timezone, by, now, here.agency_id)
    return here


@click.group()
def agency() -> None:
    """Agencies."""


@agency.command("create")
@click.argument("code")
@click.argument("name")
@click.option("--timezone", type=click.Choice(TIMEZONES), default=TIMEZONES[0], show_default=True)
def create_agency(code: str, name: str, timezone: str) -> None:
    """Add an agency to both stores, under one identifier."""
    open_stores(EXAM, VAULT)
    now = clock.now()
    with transaction() as db, transaction(VAULT) as vault:
        made = add_agency(db, vault, code, name, timezone, operator(), now)
    click.echo(f"{code}: {made.agency_id}")


@click.group()
def account() -> None:
    """Staff accounts."""


@account.command("create")
@click.argument("sign_in_name")
@click.argument("full_name")
@click.option("--role", "roles", type=click.Choice(sorted(role.value for role in STAFF)), multiple=True, required=True)
@click.option("--agency", "agency_code", help="code of the agency; only a system admin may be without one")
@STORE
def create_account(
    sign_in_name: str, full_name: str, roles: tuple[str, ...], agency_code: str | None, store: StoreName
) -> None:
    """Add an account, and print the link at which its owner sets the password."""
    chosen = open_stores(store)
    now = clock.now()
    with transaction(store) as db:
        agency_id: UUID | None = None
        if agency_code is not None:
            found = queries.agency_coded(db, agency_code)
            if found is None:
                raise NotFound(f"There is no agency with the code '{agency_code}'. Add it with: proasn agency create")
            agency_id = found.agency_id
        made = actions.create_account(db, sign_in_name, full_name, map(Role, roles), agency_id, operator(), now)
        token = actions.issue_link(db, made.account_id, operator(), now)
    click.echo(f"Link for {sign_in_name}, good once and for a day: {link_address(chosen, store, token)}")


@account.command("link")
@click.argument("sign_in_name")
@STORE
def link(sign_in_name: str, store: StoreName) -> None:
    """Print a new link at which an account's password is set."""
    chosen = open_stores(store)
    with transaction(store) as db:
        found = _named(db, sign_in_name)
        token = actions.issue_link(db, found.account_id, operator(), clock.now())
    click.echo(f"Link for {sign_in_name}, good once and for a day: {link_address(chosen, store, token)}")


@account.command("list")
@STORE
def list_accounts(store: StoreName) -> None:
    """List accounts with their roles and state."""
    open_stores(store)
    with transaction(store, reads_only=True) as db:
        found_all, _count = queries.accounts_seen_by(db, None, page=1, size=MOST_LISTED)
        for found in found_all:
            state = "active" if found.active else "off"
            click.echo(f"{found.sign_in_name}\t{found.full_name}\t{','.join(sorted(found.roles))}\t{state}")


@account.command("forget-factor")
@click.argument("sign_in_name")
@STORE
def forget_factor(sign_in_name: str, store: StoreName) -> None:
    """Forget an account's second factor, so that its owner enrols a new one at the next sign-in."""
    open_stores(store)
    with transaction(store) as db:
        found = _named(db, sign_in_name)
        actions.forget_factor(db, found.account_id, operator(), clock.now())
    click.echo(f"{sign_in_name}: enrols a new second factor at the next sign-in")
