"""What the tests of the item bank share: a vault on a real database, and drafts to try things on."""

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from item_bank import assembly, bank, blueprints, calibrations, demonstration, drafts, forms, keys  # noqa: F401  # tables of the vault
from item_bank.pool import Parameters, Pool
from item_bank.stock import Stocked
from item_bank.vault import VaultModel


@pytest.fixture
def now():
    return datetime(2025, 11, 24, 0, 30, tzinfo=UTC)


@pytest.fixture
def vault_db(tmp_path):
    """Open a vault in a file of its own."""
    engine = create_engine(f"sqlite:///{tmp_path}/vault.db")
    VaultModel.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def written():
    """Give a sample draft as an author wrote it, free to be spoilt."""

    def give(code):
        return json.loads((Path(drafts.__file__).parent / "samples" / f"{code}.json").read_text())

    return give


@pytest.fixture
def draft(written):
    return drafts.parse(json.dumps(written("karier-demo")).encode(), "karier-demo.json")


@pytest.fixture
def item():
    """Give a sample item of the stock by its number in the file of an instrument."""

    def give(number=0, instrument="digital_literacy"):
        return next(one for one in bank.samples() if one.instrument == instrument).items[number]

    return give


@pytest.fixture(scope="session")
def stocked(service_run):
    """Every demonstration item as it stands in stock, generated once per run."""
    return service_run.made("stock", lambda: [
        Stocked(item, 1, one.instrument, one.demonstration) for one in demonstration.stocks() for item in one.items
    ])  # fmt: skip


@pytest.fixture(scope="session")
def pool(stocked):
    """Open the pool of a blueprint, changed where the test says so: pool("karier", length=20)."""
    samples = {one.code: one for one in blueprints.samples()}

    def opened(code, estimates=None, exposure=None, **changes):
        blueprint = msgspec.structs.replace(samples[code], **changes)
        mine = [one for one in stocked if one.instrument == blueprint.instrument]
        return Pool(mine, blueprint, Parameters("K-01", estimates or {}, True), exposure or {})

    return opened


@pytest.fixture(scope="session")
def battery(service_run, pool):
    """Two parallel forms of every blueprint of the default battery, assembled once per run: {code: forms}."""
    return service_run.made("battery", lambda: {
        one.code: assembly.parallel(pool(one.code), 2) for one in blueprints.samples()
    })  # fmt: skip
