"""What the tests of the item bank share: a vault on a real database, and drafts to try things on."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from item_bank import bank, calibrations, drafts, forms, keys, stock  # noqa: F401  # tables of the vault
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
