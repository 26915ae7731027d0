"""Drives Alembic: brings a store from one version to the next. The steps themselves stand in ``migrations``."""

from __future__ import annotations

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config

from assessment_app.platform.db import StoreName

STORES: tuple[StoreName, ...] = ("exam", "answers", "vault")


def configuration(store: StoreName, url: str) -> Config:
    """Set Alembic up for one store at one place."""
    config = Config()
    with as_file(files("migrations")) as folder:
        config.set_main_option("script_location", str(folder))
        config.set_main_option("version_locations", str(folder / store / "versions"))
    config.set_main_option("path_separator", "os")
    config.attributes |= {"store": store, "url": url}
    return config


def upgrade(store: StoreName, url: str, to: str = "head") -> None:
    """Bring a store to the newest version, or to the one named; what is there already stays."""
    command.upgrade(configuration(store, url), to)


def downgrade(store: StoreName, url: str, to: str = "base") -> None:
    """Take a store back; only for tests and for a release that has to be withdrawn."""
    command.downgrade(configuration(store, url), to)


def check(store: StoreName, url: str) -> None:
    """Raise Alembic's error when models and store differ."""
    command.check(configuration(store, url))
