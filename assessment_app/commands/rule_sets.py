"""Rule sets from the command line: listed, checked, exported and brought in as drafts. Approval is for two people."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec
from sqlalchemy.orm import Session

from assessment_app.accounts import queries as accounts
from assessment_app.accounts.models import Agency
from assessment_app.accounts.rules import Officer
from assessment_app.commands.accounts import operator
from assessment_app.commands.store import open_stores
from assessment_app.platform import clock
from assessment_app.platform.db import EXAM, transaction
from assessment_app.platform.errors import Invalid, NotFound
from assessment_app.rule_sets import actions, queries
from assessment_app.rule_sets.messages.asked import read_document
from assessment_app.rule_sets.messages.faults import sentence
from assessment_app.rule_sets.models import RuleSet
from assessment_app.rule_sets.rules.checks import Violation, unverified, violations
from assessment_app.rule_sets.rules.life import standing_name
from assessment_app.rule_sets.rules.standing import IN_FORCE, standing
from scoring_engine.canonical import canonical, digest

MOST_REASON = 150
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
AGENCY = click.option("--agency", "agency_code", required=True, help="code of the agency")


@click.group()
def rules() -> None:
    """Rule sets: every number of a regulation, as documents."""


@rules.command("list")
@click.option("--agency", "agency_code", help="code of an agency, to list its own too")
def list_sets(agency_code: str | None) -> None:
    """List the rule sets of releases and of an agency: hash, name, version, first day, state, unverified rules."""
    open_stores(EXAM)
    now = clock.now()
    with transaction(reads_only=True) as db:
        standard = queries.released_in_force(db, now)
        decides = standard if agency_code is None else queries.in_force(db, _agency(db, agency_code).agency_id, now)
        for one in queries.released(db):
            _line(one, IN_FORCE if decides is not None and one.sha256 == decides.sha256 else "")
        if agency_code is not None:
            for life in queries.lives(db, _agency(db, agency_code).agency_id):
                own, is_it = life.rule_set, decides is not None and life.rule_set.sha256 == decides.sha256
                _line(own, standing(life.state, own.effective, is_it, now))


def _line(one: RuleSet, state: str) -> None:
    marks = f"{len(unverified(one.document))}/{len(one.document['rules'])} unverified"
    day = f"{one.effective:%Y-%m-%d}"
    click.echo("\t".join((one.sha256[:12], one.name, one.document["version"], day, state, marks)))


@rules.command("check")
@FILE
def check(file: Path) -> None:
    """Say everything that is wrong with a document; exit code 1 if there is anything."""
    document = _document(file)
    _stop_at(violations(document))
    click.echo(f"OK: {digest(canonical(document))}")


@rules.command("export")
@click.argument("sha256", required=False)
@click.option("--agency", "agency_code", help="code of an agency: what is in force there now")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="file to write; without it, the screen")
def export(sha256: str | None, agency_code: str | None, out: Path | None) -> None:
    """Write a rule set down as JSON: that of a hash (or its beginning), or the one in force in an agency."""
    if (sha256 is None) == (agency_code is None):
        raise Invalid("Name either a hash (see: proasn rules list) or an agency with --agency.")
    open_stores(EXAM)
    with transaction(reads_only=True) as db:
        if agency_code is not None:
            found = queries.in_force(db, _agency(db, agency_code).agency_id, clock.now())
        else:
            found = queries.rule_set_beginning(db, sha256 or "")
    written = msgspec.json.format(canonical(found.document), indent=2)
    if out is None:
        click.echo(written.decode())
    else:
        out.write_bytes(written + b"\n")
        click.echo(f"{out}: {found.sha256}")


@rules.command("import")
@FILE
@AGENCY
@click.option("--why", required=True, help="reason, kept with the draft and in the audit trail")
def bring_in(file: Path, agency_code: str, why: str) -> None:
    """Make a document an agency's draft; two people of the office submit and approve it."""
    document, reason = _document(file), " ".join(why.split())
    if not 0 < len(reason) <= MOST_REASON:
        raise Invalid(f"The reason has 1 to {MOST_REASON} letters.")
    open_stores(EXAM)
    with transaction() as db:
        agency, by = _agency(db, agency_code), operator()
        officer = Officer(agency.agency_id, by.name, by.origin)
        draft_id, found = actions.draft(db, officer, document, reason, clock.now())
    _stop_at(found)
    click.echo(f"Draft {draft_id} of {standing_name(agency_code)}, version {document['version']}")


def _document(file: Path) -> dict[str, object]:
    return read_document(file.read_bytes())


def _stop_at(found: list[Violation]) -> None:
    for one in found:
        click.echo(sentence(one.rule, one.fault, one.known), err=True)
    if found:
        sys.exit(1)


def _agency(db: Session, code: str) -> Agency:
    found = accounts.agency_coded(db, code)
    if found is None:
        raise NotFound(f"There is no agency with the code '{code}'. Add it with: proasn agency create")
    return found
