"""Items in and out of the vault: files of items, QTI packages, spreadsheets, calibrations, and items made by rules."""

from __future__ import annotations

import math
from datetime import UTC, datetime, time
from pathlib import Path
from typing import get_args

import click
import msgspec

from assessment_app.authoring.actions import life
from assessment_app.authoring.messages.sheet import read_sheet
from assessment_app.authoring.queries import items as queries
from assessment_app.commands.accounts import operator
from assessment_app.commands.bank.looking import in_stock
from assessment_app.commands.psychometrics.item_files import ItemFile
from assessment_app.commands.psychometrics.tables import read_table
from assessment_app.commands.store import open_stores
from assessment_app.platform import clock
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.errors import Invalid
from assessment_app.platform.settings import settings
from item_bank import bank, stock
from item_bank.bank import JobLevel, Stock
from item_bank.calibrations import CalibrationRefused, Estimate, Fit, NewCalibration
from item_bank.drafts import DraftRefused
from item_bank.generation.generate import FAMILIES, generated
from item_bank.instruments import INSTRUMENTS
from item_bank.qti import package
from item_bank.qti.package import ImportDefaults, PackageRefused
from scoring_engine import ENGINE_VERSION
from scoring_engine.canonical import digest

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
OUT = click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="the file to write")
INSTRUMENT = click.option("--instrument", type=click.Choice(sorted(INSTRUMENTS)))


@click.command("import")
@FILE
@click.option("--instrument", type=click.Choice(sorted(INSTRUMENTS)), help="of a QTI package of another system")
@click.option("--construct", help="of its items")
@click.option("--facet", default="impor", show_default=True)
@click.option("--topic", default="impor dari paket lain", show_default=True)
def take_in(file: Path, instrument: str | None, construct: str | None, facet: str, topic: str) -> None:
    """Take items in from a file of items (.json), a QTI 3.0 package (.zip) or a spreadsheet (.xlsx, .ods, .csv).

    Each becomes a draft; demonstration items of a .json file or of a package of ours become operational. Nothing is
    kept unless everything can be.
    """
    open_stores(VAULT)
    defaults = None
    if instrument and construct:
        defaults = ImportDefaults(instrument, construct, facet, topic, get_args(JobLevel))
    with transaction(VAULT) as db:
        stocks = _stocks(file, queries.ids(db), defaults)
        new = life.take_in_all(db, stocks, file.name, operator(), clock.now())
    total = sum(len(one.items) for one in stocks)
    click.echo(f"{new} new versions of {total} items; what was there already stays as it is")


def _stocks(file: Path, known: frozenset[str], defaults: ImportDefaults | None) -> list[Stock]:
    """Read a file by its kind; refuses with Invalid, which says all that is wrong."""
    content = file.read_bytes()
    try:
        if file.suffix == ".json":
            return [bank.parse(content, file.name)]
        if file.suffix == ".zip":
            return _of_package(content, package.read(content, file.name, defaults))
    except (DraftRefused, PackageRefused) as error:
        raise Invalid(str(error)) from error
    sheet = read_sheet(content, file.name, known)
    if sheet.faults:
        lines = [f"row {one.row} {one.column}: {one.sentence} {one.value}" for one in sheet.faults]
        raise Invalid("\n".join([f"{file.name} cannot be imported:", *lines]))
    return sheet.stocks()


def _of_package(content: bytes, found: package.Imported) -> list[Stock]:
    """Tell what of a package was not understood, and keep the package itself where anything was not."""
    for report in found.reports:
        click.echo(f"{report.file}: {report.place}: {report.what}: {report.became}", err=True)
    if found.reports or found.kept:
        folder = settings().data_dir / "imports"
        folder.mkdir(mode=0o700, exist_ok=True)
        kept = folder / f"{digest(content)}.zip"
        kept.write_bytes(content)
        click.echo(f"{len(found.kept)} files were not understood wholly; the package is kept as {kept}", err=True)
    return list(found.stocks)


@click.command()
@OUT
@INSTRUMENT
@click.option("--samples", is_flag=True, help="the demonstration items that come with the program")
def export(out: Path, instrument: str | None, samples: bool) -> None:
    """Write items of one instrument, keys and all, as a QTI 3.0 package; the trail says who did."""
    if instrument is None:
        raise click.UsageError("Name the instrument: --instrument " + "|".join(sorted(INSTRUMENTS)))
    items = [one for one, _state in in_stock(samples=samples) if one.instrument == instrument]
    if not items:
        raise Invalid(f"There is no item of {instrument}.")
    if not samples:
        with transaction(VAULT) as db:
            life.tell_export(db, instrument, len(items), operator(), clock.now())
    wanted = Stock(instrument, all(one.demonstration for one in items), "assumed", tuple(one.item for one in items))
    out.write_bytes(package.export(wanted))
    click.echo(f"{len(items)} items, keys included: keep {out} as you keep the vault")


@click.command()
@click.argument("family", type=click.Choice(sorted(FAMILIES)))
@click.option("--count", type=click.IntRange(1, 5000), default=240, show_default=True)
@click.option("--salt-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="a secret of this bank")
@click.option("--demonstration", is_flag=True, help="without a secret: anybody can make these items again, key and all")
@OUT
def generate(family: str, count: int, salt_file: Path | None, demonstration: bool, out: Path) -> None:
    """Make items by rules, each with one provable answer; the same secret and number give the same items."""
    if (salt_file is None) != demonstration:
        raise click.UsageError("Give either --salt-file, for items to be used, or --demonstration.")
    salt = salt_file.read_text().strip() if salt_file else ""
    if salt_file is not None and len(salt) < 16:
        raise click.UsageError("The secret has fewer than 16 characters; make one with: openssl rand -hex 32")
    items = generated(family, count, salt)
    told = {
        "schema": "proasn/items/1", "instrument": "potential", "demonstration": demonstration, "parameters": "assumed",
        "items": items,
    }  # fmt: skip
    out.write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=1))
    click.echo(f"{len(items)} items of the family {family}; their parameters are assumed")


@click.command()
@FILE
@click.option("--name", required=True, help="how people will call it, e.g. K-07")
@click.option("--sample", required=True, help="who answered, in words")
@click.option("--persons", type=click.IntRange(0), required=True)
@click.option("--made", type=click.DateTime(["%Y-%m-%d"]), help="the day; today unless it is given")
@click.option("--assumed", is_flag=True, help="the numbers are a judgement, not from data")
@click.option(
    "--fit",
    "fit_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="what `proasn irt fit` wrote",
)
def calibration(
    file: Path, name: str, sample: str, persons: int, made: datetime | None, assumed: bool, fit_file: Path | None
) -> None:  # fmt: skip
    """Keep the items that `proasn irt calibrate` wrote as a calibration, of the versions that people answered.

    Those are the newest ones that were in a pilot or in use, whatever drafts came after them.
    """
    open_stores(VAULT)
    table, fits = ItemFile(file), _fits(fit_file) if fit_file else {}
    with transaction(VAULT) as db:
        answered = stock.answered(db)
        estimates = {
            (item_id, answered.get(item_id, 0)): _estimate(table, item_id, persons, fits.get(item_id, Fit()))
            for item_id in table.rows
        }
        keys = {one: stock.key_of(db, *one) for one in estimates if one[1]}
        day = datetime.combine((made or clock.now()).date(), time(), UTC)
        wanted = NewCalibration(name, "assumed" if assumed else "calibrated", sample, persons, ENGINE_VERSION, day)
        try:
            is_new = life.keep_calibration(db, wanted, estimates, keys, operator(), clock.now())
        except CalibrationRefused as error:
            raise Invalid(str(error)) from error
    click.echo(f"{len(estimates)} items kept as {name}" if is_new else f"{name} is there already with the same numbers")


def _fits(file: Path) -> dict[str, Fit]:
    """Read how well items fit; an empty cell is a number that could not be computed."""
    table = read_table(file, "item", ("item", "infit", "outfit", "p"), lambda _name: True)
    columns = [table.numbers(name).tolist() for name in ("infit", "outfit", "p")]
    return {
        name: Fit(*(None if math.isnan(value) else value for value in values))
        for name, *values in zip(table.names, *columns, strict=True)
    }


def _estimate(table: ItemFile, item_id: str, persons: int, fit: Fit) -> Estimate:
    """Take an item's parameters and standard errors from the file; refuses with Invalid another model."""
    known = table.known(item_id)
    told = dict(zip(known.names, known.values, strict=True))
    if known.model not in ("rasch", "2pl", "grm"):
        raise Invalid(f"{item_id}: keys of this bank take rasch, 2pl or grm, not {known.model}")
    borders = [name for name in known.names if name.startswith("b")]
    errors = table.errors(item_id)
    return Estimate(
        told.get("a", 1.0), tuple(told[name] for name in borders), errors.get("a"),
        tuple(errors[name] for name in borders) if all(name in errors for name in borders) else (), persons,
        fit,
    )  # fmt: skip
